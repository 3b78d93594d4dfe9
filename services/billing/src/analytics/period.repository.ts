import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { PACE_DAYS } from './forecast-usage.ts';

export interface PeriodUse {
  /** Live calls of the month so far. */
  readonly used: number;
  readonly testCalls: number;
  /** Live calls of the last seven whole days. */
  readonly lastDays: number;
  readonly today: number;
  /** The first call of a live key. */
  readonly firstCallAt: Date | null;
  /** The last call of any key. */
  readonly lastCallAt: Date | null;
}

/** The calendar month of a moment, UTC; `to` is not included. */
export function periodOf(now: Date): { from: Date; to: Date } {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month, 1)), to: new Date(Date.UTC(year, month + 1, 1)) };
}

const USE_SQL = `
  select
    coalesce(sum(calls) filter (where mode = 'live' and day >= $2::date), 0)::float8 as used,
    coalesce(sum(calls) filter (where mode = 'test' and day >= $2::date), 0)::float8 as "testCalls",
    coalesce(sum(calls) filter (where mode = 'live' and day between $3::date - ${PACE_DAYS} and $3::date - 1), 0)::float8
      as "lastDays",
    coalesce(sum(calls) filter (where mode = 'live' and day = $3::date), 0)::float8 as today,
    max(last_call_at) as "lastCallAt"
  from usage_daily where partner_id = $1 and day >= least($2::date, $3::date - ${PACE_DAYS})`;
// Reads only the first entry of the primary key.
const FIRST_SQL = `
  select min(first_call_at) as at from usage_daily
  where partner_id = $1 and mode = 'live'
    and day = (select min(day) from usage_daily where partner_id = $1 and mode = 'live')`;
const PARTNERS_SQL = `
  select given.id as partner_id,
    (select min(first_call_at) from usage_daily where partner_id = given.id
       and day = (select min(day) from usage_daily where partner_id = given.id)) as first_call_at,
    (select max(last_call_at) from usage_daily where partner_id = given.id
       and day = (select max(day) from usage_daily where partner_id = given.id)) as last_call_at,
    (select coalesce(sum(calls), 0)::float8 from usage_daily
       where partner_id = given.id and mode = 'live' and day >= $2::date) as used_calls
  from unnest($1::text[]) as given (id)`;

export interface PartnerUse {
  readonly partner_id: string;
  readonly first_call_at: Date | null;
  readonly last_call_at: Date | null;
  readonly used_calls: number;
}

/** The use of partners in the present month. */
@Injectable()
export class PeriodRepository {
  constructor(private readonly database: Database) {}

  /** `from`: the first day of the period, UTC; its units are counted by whole days. */
  find(partnerId: string, from: Date, now: Date): Promise<PeriodUse> {
    return this.database.read(async (manager) => {
      const [use] = await manager.query<Omit<PeriodUse, 'firstCallAt'>[]>(USE_SQL, [
        partnerId,
        from.toISOString().slice(0, 10),
        now.toISOString().slice(0, 10),
      ]);
      const [first] = await manager.query<{ at: Date | null }[]>(FIRST_SQL, [partnerId]);
      return { ...(use as Omit<PeriodUse, 'firstCallAt'>), firstCallAt: first?.at ?? null };
    });
  }

  /** One row for each partner id, also for ids without a call. */
  uses(partnerIds: readonly string[], now: Date): Promise<PartnerUse[]> {
    const parameters = [partnerIds, periodOf(now).from.toISOString().slice(0, 10)];
    return this.database.read((manager) => manager.query(PARTNERS_SQL, parameters));
  }
}
