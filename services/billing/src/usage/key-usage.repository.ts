import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** The number of days that a list of keys shows, today included. */
export const KEY_DAYS = 30;

export interface KeyUsage {
  readonly api_key_id: string;
  readonly last_call_at: Date;
  /** Calls on each of `KEY_DAYS` days; today is the last. */
  readonly days: number[];
}

interface Row {
  readonly api_key_id: string;
  readonly last_call_at: Date;
  /** Whole days between the call and today; null for a key without a call in the period. */
  readonly age: number | null;
  readonly calls: number | null;
}

// Both parts read each key by its index, independently of the partner's other keys.
const SQL = `
  select given.id as api_key_id, last.last_call_at, ($3::date - daily.day) as age, daily.calls::float8 as calls
  from unnest($2::text[]) as given (id)
  cross join lateral (
    select last_call_at from usage_daily
    where partner_id = $1 and api_key_id = given.id order by day desc limit 1) last
  left join usage_daily daily
    on daily.partner_id = $1 and daily.api_key_id = given.id and daily.day between $3::date - ${KEY_DAYS - 1} and $3::date`;

/** The use of a partner's keys. */
@Injectable()
export class KeyUsageRepository {
  constructor(private readonly database: Database) {}

  /** Only keys with calls. `today` is `YYYY-MM-DD`, UTC. */
  async find(partnerId: string, keyIds: readonly string[], today: string): Promise<KeyUsage[]> {
    const rows = await this.database.read<Row[]>((manager) => manager.query(SQL, [partnerId, keyIds, today]));
    const found = new Map<string, KeyUsage>();
    for (const { api_key_id, last_call_at, age, calls } of rows) {
      const days = Array.from({ length: KEY_DAYS }, () => 0);
      const usage = found.get(api_key_id) ?? { api_key_id, last_call_at, days };
      if (age !== null) usage.days[KEY_DAYS - 1 - age] = calls ?? 0;
      found.set(api_key_id, usage);
    }
    return [...found.values()];
  }
}
