import type { Metric } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { Span } from '../periods/periods.ts';

const DAY_MS = 86_400_000;

/**
 * Live units within a span. Calls: whole days of UTC from the daily counts, the hours before and after them from the calls themselves. Both are
 * written by one statement, so they agree in every transaction. Reported units: the events with their corrections.
 */
const UNITS_SQL = `
  select (
    (select coalesce(sum(calls), 0) from usage_daily
     where partner_id = $1 and mode = 'live' and day >= ($3::timestamptz at time zone 'UTC')::date
       and day < ($4::timestamptz at time zone 'UTC')::date)
    + (select count(*) from usage_records where partner_id = $1 and mode = 'live' and at >= $2::timestamptz and at < $3::timestamptz)
    + (select count(*) from usage_records where partner_id = $1 and mode = 'live' and at >= $4::timestamptz and at < $5::timestamptz)
  )::text as calls,
  (select coalesce(sum(quantity), 0) from usage_events
   where partner_id = $1 and mode = 'live' and metric = 'reported_units' and at >= $2::timestamptz and at < $5::timestamptz)::text
    as reported_units`;

@Injectable()
export class MeteredUsageRepository {
  /** The live units of a partner within a span, by metric. */
  async count(tx: Transaction, partnerId: string, { from, to }: Span): Promise<Record<Metric, bigint>> {
    const first = Math.ceil(from.getTime() / DAY_MS) * DAY_MS;
    const last = Math.floor(to.getTime() / DAY_MS) * DAY_MS;
    // A span within one day has no whole day: then all of it is counted call by call.
    const [begin, end] = first <= last ? [new Date(first), new Date(last)] : [to, to];
    const [row] = await tx.prepared<Record<Metric, string>>(UNITS_SQL, [
      ...[partnerId, from, begin.toISOString(), end.toISOString(), to],
    ]);
    return { calls: BigInt(row?.calls ?? 0), reported_units: BigInt(row?.reported_units ?? 0) };
  }
}
