import type { UsageRecord } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { RECORD_SQL } from './record-usage.sql.ts';
import type { UsageRange } from './usage-range.ts';

export interface Usage {
  /** Days with calls only, oldest first. */
  readonly days: readonly { date: string; calls: number; test_calls: number }[];
  /** Most calls first. */
  readonly apiKeys: readonly { api_key_id: string; calls: number }[];
  /** The time of the newest counted call; null when there is none. */
  readonly lastCallAt: Date | null;
}

interface UsageRow {
  readonly date: string | null;
  readonly api_key_id: string | null;
  readonly calls: number;
  readonly test_calls: number;
}

const USAGE_SQL = `
  select to_char(day, 'YYYY-MM-DD') as date, api_key_id, sum(calls)::float8 as calls,
    coalesce(sum(calls) filter (where mode = 'test'), 0)::float8 as test_calls
  from usage_daily
  where partner_id = $1 and day between $2::date and $3::date
  group by grouping sets ((day), (api_key_id))
  order by date, calls desc, api_key_id`;

const LAST_CALL_SQL = `
  select max(last_call_at) as at from usage_daily
  where partner_id = $1 and day = (select max(day) from usage_daily where partner_id = $1)`;

@Injectable()
export class UsageRepository {
  constructor(private readonly database: Database) {}

  /** Inserts and counts the new records, in one statement. Returns the number of new records. */
  async record(tx: Transaction, records: readonly UsageRecord[]): Promise<number> {
    const rows = await tx.prepared<{ count: number }>(RECORD_SQL, [
      records.map((record) => record.id),
      records.map((record) => record.partner_id),
      records.map((record) => record.api_key_id),
      records.map((record) => record.operation),
      records.map((record) => record.status),
      records.map((record) => record.at),
      records.map((record) => record.mode),
      records.map((record) => record.took_ms ?? null),
    ]);
    return rows[0]!.count;
  }

  async find(partnerId: string, range: UsageRange): Promise<Usage> {
    return this.database.read(async (manager) => {
      const rows: UsageRow[] = await manager.query(USAGE_SQL, [partnerId, range.from, range.to]);
      const lastCallAt = await lastCall(manager, partnerId);
      return {
        days: rows.flatMap(({ date, calls, test_calls }) =>
          date === null ? [] : [{ date, calls, test_calls }],
        ),
        apiKeys: rows.flatMap(({ api_key_id, calls }) =>
          api_key_id === null ? [] : [{ api_key_id, calls }],
        ),
        lastCallAt,
      };
    });
  }

  /** The time of the newest counted call; null when there is none. */
  lastCallAt(partnerId: string): Promise<Date | null> {
    return this.database.read((manager) => lastCall(manager, partnerId));
  }
}

async function lastCall(manager: Transaction['manager'], partnerId: string): Promise<Date | null> {
  const [last]: { at: Date | null }[] = await manager.query(LAST_CALL_SQL, [partnerId]);
  return last?.at ?? null;
}
