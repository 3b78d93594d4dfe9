import { newId } from '../../../libs/contracts/src/index.ts';
import { type Database, TimePartitions } from '../../../libs/persistence/src/index.ts';
import type { PostgresServer } from '../../../libs/testing/src/postgres-server.ts';

/** A month that has just ended. It begins and ends in the middle of a day, so that its edges are counted call by call. */
export const MONTH = monthBefore(new Date());

function monthBefore(now: Date): { from: string; to: string } {
  // Every month has the days up to the 28th.
  const day = Math.min(28, now.getUTCDate());
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const at = (months: number) => new Date(Date.UTC(year, month + months, day, 0, 20, 30)).toISOString();
  return { from: at(-1), to: at(0) };
}
/** Rows that one statement inserts. */
const AT_ONCE = 200_000;

/** Partners that have a subscription of the plan `growth` and a complete profile, and the calls of a month that has ended. */
export async function fillMonth(
  postgres: PostgresServer,
  { database, url }: { readonly database: Database; readonly url: string },
  { partners, events }: { readonly partners: number; readonly events: number },
  say: (line: string) => void,
): Promise<void> {
  const query = (sql: string, values: unknown[] = []) => postgres.query(sql, values, tenantOf(url));
  const ids = Array.from({ length: partners }, () => newId('partner'));
  const subscriptions = ids.map(() => newId('subscription'));
  await query(
    `insert into billing_profiles (partner_id, legal_name, address_lines, city, postal_code, country, state, tax_id, currency, locale,
       time_zone, email, updated_at)
     select id, 'Partner ' || n, array['1 Brigade Road'], 'Bengaluru', '560001', 'IN', 'KA', null, 'EUR', 'en-IE', 'Asia/Kolkata',
       'accounts@partner.example', now() from unnest($1::text[]) with ordinality as given (id, n)`,
    [ids],
  );
  await query(
    `insert into subscriptions (id, partner_id, status, plan_version_id, currency, time_zone, anchor_at, period_from, period_to,
       advance_at, created_at, updated_at)
     select given.id, partner, 'active', version.id, 'EUR', 'Asia/Kolkata', $3, $3, $4, $4, $3, $3
     from unnest($1::text[], $2::text[]) as given (id, partner),
       lateral (select id from plan_versions where plan = 'growth' and status = 'published' order by version desc limit 1) version`,
    [subscriptions, ids, MONTH.from, MONTH.to],
  );
  await query(`
    insert into billing_periods (subscription_id, partner_id, plan_version_id, currency, starts_at, ends_at, month_from, month_to, is_trial)
    select id, partner_id, plan_version_id, currency, period_from, period_to, period_from, period_to, false from subscriptions`);
  const months = new TimePartitions('usage_records', 'month');
  await database.transaction((tx) => months.make(tx, [MONTH.from, MONTH.to]));
  await query(
    'create table bench_partners as select id, n - 1 as n from unnest($1::text[]) with ordinality as given (id, n)',
    [ids],
  );
  for (let from = 0; from < events; from += AT_ONCE) {
    const to = Math.min(events, from + AT_ONCE);
    await query(
      `insert into usage_records (id, partner_id, api_key_id, operation, status, at, mode, took_ms)
       select 'usg_' || lpad(call::text, 22, '0'), partner.id, partner.id || '-key-' || call % 4, 'GET /v1/things', 200,
         $3::timestamptz + ($4::timestamptz - $3::timestamptz) * (call::float8 / $5), 'live', 12.5
       from generate_series($1::bigint, $2::bigint - 1) call join bench_partners partner on partner.n = call % $6`,
      [from, to, MONTH.from, MONTH.to, events, partners],
    );
    if (events > 1_000_000 && to % 1_000_000 === 0) say(`${to.toLocaleString('en-GB')} calls stored`);
  }
  await query(`
    insert into usage_daily (partner_id, day, api_key_id, mode, calls, first_call_at, last_call_at)
    select partner_id, (at at time zone 'UTC')::date, api_key_id, mode, count(*), min(at), max(at)
    from usage_records where at >= '${MONTH.from}' and at < '${MONTH.to}' group by 1, 2, 3, 4`);
  await query('drop table bench_partners');
  await query('vacuum analyze');
}

/** A connection that sees the rows of every partner, and has no limit on a statement. */
function tenantOf(url: string): string {
  const own = new URL(url);
  const given = own.searchParams.get('options') ?? '';
  own.searchParams.set('options', `${given} -c gridworks.tenant=* -c statement_timeout=0`.trim());
  return own.href;
}
