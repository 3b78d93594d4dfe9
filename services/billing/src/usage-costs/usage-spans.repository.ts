import { Database } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Span } from '../periods/periods.ts';
import type { Units } from './cost-of-usage.ts';

const DAY_MS = 86_400_000;
const HOUR = `date_trunc('hour', span.from + interval '1 hour' - interval '1 microsecond', 'UTC')`;
/**
 * Live units of each span. Calls: whole hours of UTC from the sums by the hour, where they are kept, and all others from the calls
 * themselves. Both are written by one statement, so they agree.
 */
const SPANS_SQL = `
  with spans as (
    select n, span.from, span.to,
      case when ${HOUR} < date_trunc('hour', span.to, 'UTC') and span.from >= $4 then ${HOUR} else span.to end as first,
      case when ${HOUR} < date_trunc('hour', span.to, 'UTC') and span.from >= $4 then date_trunc('hour', span.to, 'UTC') else span.to end as last
    from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as span ("from", "to", n)
  )
  select (
    (select coalesce(sum(calls), 0) from usage_rollups
     where partner_id = $1 and dimension = 'all' and step = 'hour' and at >= spans.first and at < spans.last and value = '' and mode = 'live')
    + (select count(*) from usage_records where partner_id = $1 and at >= spans.from and at < spans.first and mode = 'live')
    + (select count(*) from usage_records where partner_id = $1 and at >= spans.last and at < spans.to and mode = 'live'))::text as calls,
    (select coalesce(sum(quantity), 0) from usage_events where partner_id = $1 and at >= spans.from and at < spans.to
       and mode = 'live' and metric = 'reported_units')::text as reported_units
  from spans order by n`;
const FIRST_DAY = `date_trunc('day', $2::timestamptz + interval '1 day' - interval '1 microsecond', 'UTC')`;
/** Live units of one span by key or operation: whole days of UTC from the sums by the day, all others from the calls. */
const GROUPS_SQL = (dimension: 'key' | 'operation', column: string, reportedBy: string) => `
  with bounds as (
    select case when ${FIRST_DAY} < date_trunc('day', $3::timestamptz, 'UTC') then ${FIRST_DAY} else $3::timestamptz end as first,
      case when ${FIRST_DAY} < date_trunc('day', $3::timestamptz, 'UTC') then date_trunc('day', $3::timestamptz, 'UTC') else $3::timestamptz end as last
  )
  select "group", sum(calls)::text as calls, sum(reported)::text as reported_units from (
    select value as "group", calls, 0 as reported from usage_rollups, bounds
    where partner_id = $1 and dimension = '${dimension}' and step = 'day' and at >= bounds.first and at < bounds.last and mode = 'live'
    union all
    select ${column}, 1, 0 from usage_records, bounds
    where partner_id = $1 and mode = 'live' and ((at >= $2 and at < bounds.first) or (at >= bounds.last and at < $3))
    union all
    select ${reportedBy}, 0, quantity from usage_events
    where partner_id = $1 and mode = 'live' and metric = 'reported_units' and at >= $2 and at < $3
  ) parts group by 1`;
const GROUP_SQL = {
  key: GROUPS_SQL('key', 'api_key_id', `coalesce(api_key_id, 'other')`),
  operation: GROUPS_SQL('operation', 'operation', `'other'`),
};

type Row = { readonly calls: string; readonly reported_units: string };

/** Live units of a partner within any spans of time. */
@Injectable()
export class UsageSpansRepository {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: { readonly BILLING_USAGE_HOUR_DAYS: number },
  ) {}

  /** The units of each span, in their order. */
  async units(partnerId: string, spans: readonly Span[], now: Date): Promise<Units[]> {
    // From then on sums by the hour are kept.
    const hoursFrom = new Date(now.getTime() - (this.config.BILLING_USAGE_HOUR_DAYS - 1) * DAY_MS);
    const rows = await this.database.read<Row[]>((manager) =>
      manager.query(SPANS_SQL, [
        partnerId,
        spans.map(({ from }) => from.toISOString()),
        spans.map(({ to }) => to.toISOString()),
        hoursFrom,
      ]),
    );
    return rows.map(toUnits);
  }

  /** The units of one span by key or application, or by operation; reported units without it are `other`. */
  async groups(partnerId: string, by: 'key' | 'operation', { from, to }: Span): Promise<Map<string, Units>> {
    const rows = await this.database.read<(Row & { group: string })[]>((manager) =>
      manager.query(GROUP_SQL[by], [partnerId, from, to]),
    );
    return new Map(rows.map((row) => [row.group, toUnits(row)]));
  }
}

const toUnits = ({ calls, reported_units }: Row): Units => ({
  calls: BigInt(calls),
  reported_units: BigInt(reported_units),
});
