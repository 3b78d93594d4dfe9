import type { UsageRecord } from '@gridworks/contracts';
import { Database, TimePartitions, type Transaction } from '@gridworks/persistence';
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

export interface RecordedUsage {
  /** New records, which are counted. */
  readonly added: number;
  /** Records of months that are dropped, which are not counted. */
  readonly tooOld: number;
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

const DELETED_AT_ONCE = 5000;
// A correction has the time of what it corrects, so it goes in the same step or an earlier one.
const DELETE_EVENTS_SQL = `
  delete from usage_events where ctid = any (array(
    select ctid from usage_events
    where at < (select kept_from from usage_retention) order by corrects is null limit ${DELETED_AT_ONCE} for update skip locked))
  returning 1 as deleted`;

const LAST_CALL_SQL = `
  select max(last_call_at) as at from usage_daily
  where partner_id = $1 and day = (select max(day) from usage_daily where partner_id = $1)`;

@Injectable()
export class UsageRepository {
  readonly #months = new TimePartitions('usage_records', 'month');

  constructor(private readonly database: Database) {}

  /** Inserts and counts the new records, in one statement. */
  async record(tx: Transaction, records: readonly UsageRecord[]): Promise<RecordedUsage> {
    await this.#months.make(
      tx,
      records.map(({ at }) => at),
    );
    const rows = await tx.prepared<RecordedUsage>(RECORD_SQL, [
      records.map((record) => record.id),
      records.map((record) => record.partner_id),
      records.map((record) => record.api_key_id),
      records.map((record) => record.operation),
      records.map((record) => record.status),
      records.map((record) => record.at),
      records.map((record) => record.mode),
      records.map((record) => record.took_ms ?? null),
    ]);
    return rows[0] as RecordedUsage;
  }

  /** Makes the partition of a month, so that no call has to wait until it is made. */
  async prepareMonth(moment: Date): Promise<void> {
    await this.database.transaction((tx) => this.#months.make(tx, [moment]));
  }

  /** Drops the months before that of a moment, and notes that they are gone. Returns the names of their tables. */
  dropBefore(oldest: Date): Promise<string[]> {
    const from = new Date(Date.UTC(oldest.getUTCFullYear(), oldest.getUTCMonth(), 1));
    return this.database.transaction(async (tx) => {
      const dropped = await this.#months.dropOld(tx, from);
      if (dropped.length > 0)
        await tx.prepared('update usage_retention set kept_from = greatest(kept_from, $1)', [from]);
      return dropped;
    });
  }

  /** Deletes reported events of the time whose records are dropped, in steps: corrections with what they correct. */
  async deleteOldEvents(): Promise<void> {
    for (let last = DELETED_AT_ONCE; last === DELETED_AT_ONCE; )
      last = await this.database.transaction(async (tx) => (await tx.prepared(DELETE_EVENTS_SQL, [])).length);
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
