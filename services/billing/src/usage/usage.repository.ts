import type { UsageRecord } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { UsageRange } from './usage-range.ts';

export interface Usage {
  /** Days with calls only, oldest first. */
  readonly days: readonly { date: string; calls: number }[];
  /** Most calls first. */
  readonly apiKeys: readonly { api_key_id: string; calls: number }[];
  /** When the newest call that is counted was made; null when none is. */
  readonly lastCallAt: Date | null;
}

// Counted is only what was really inserted: a record that is there already adds nothing, however often and in
// whatever batch it comes again. Both inserts go in the order of their keys, so that batches that overlap wait
// for one another instead of deadlocking.
const recordSql = `
  with given as (
    select distinct on (id) *
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[])
      as record (id, partner_id, api_key_id, operation, status, at)
    order by id
  ), inserted as (
    insert into usage_records (id, partner_id, api_key_id, operation, status, at)
    select id, partner_id, api_key_id, operation, status, at from given order by id
    on conflict (id) do nothing
    returning partner_id, api_key_id, at
  ), counted as (
    insert into usage_daily as daily (partner_id, day, api_key_id, calls, last_call_at)
    select partner_id, (at at time zone 'UTC')::date as day, api_key_id, count(*), max(at)
    from inserted group by 1, 2, 3 order by 1, 2, 3
    on conflict (partner_id, day, api_key_id) do update
      set calls = daily.calls + excluded.calls,
          last_call_at = greatest(daily.last_call_at, excluded.last_call_at)
  )
  select count(*)::int as count from inserted`;

const usageSql = `
  select to_char(day, 'YYYY-MM-DD') as date, api_key_id, sum(calls)::float8 as calls
  from usage_daily
  where partner_id = $1 and day between $2::date and $3::date
  group by grouping sets ((day), (api_key_id))
  order by date, calls desc, api_key_id`;

const lastCallSql = `
  select max(last_call_at) as at from usage_daily
  where partner_id = $1 and day = (select max(day) from usage_daily where partner_id = $1)`;

@Injectable()
export class UsageRepository {
  constructor(private readonly database: Database) {}

  /** Writes down and counts the records that are new, in one statement. Returns how many were. */
  async record(tx: Transaction, records: readonly UsageRecord[]): Promise<number> {
    const rows: { count: number }[] = await tx.manager.query(recordSql, [
      records.map((record) => record.id),
      records.map((record) => record.partner_id),
      records.map((record) => record.api_key_id),
      records.map((record) => record.operation),
      records.map((record) => record.status),
      records.map((record) => record.at),
    ]);
    return rows[0]!.count;
  }

  async find(partnerId: string, range: UsageRange): Promise<Usage> {
    return this.database.read(async (manager) => {
      const rows: { date: string | null; api_key_id: string | null; calls: number }[] = await manager.query(
        usageSql,
        [partnerId, range.from, range.to],
      );
      const [last]: { at: Date | null }[] = await manager.query(lastCallSql, [partnerId]);
      return {
        days: rows.flatMap(({ date, calls }) => (date === null ? [] : [{ date, calls }])),
        apiKeys: rows.flatMap(({ api_key_id, calls }) =>
          api_key_id === null ? [] : [{ api_key_id, calls }],
        ),
        lastCallAt: last?.at ?? null,
      };
    });
  }
}
