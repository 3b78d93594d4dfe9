import { newId } from '@gridworks/contracts';
import pg from 'pg';

const LIFT_SQL = `
  insert into billing.limit_overrides (id, partner_id, name, quota, expires_at, reason, set_by, created_at)
  values ($1, $2, $3, 1000000000, now() + interval '1 day', 'Partner of a test run', 'chaos', now())
  on conflict do nothing`;

/**
 * Gives a partner of a run other limits than its plan has: 60 calls a minute are soon used up. Call this before the partner's first
 * call with a credential, from which on the gateways know its limits.
 * @param databaseUrl of PostgreSQL's superuser
 */
export async function liftLimits(databaseUrl: string, partnerId: string): Promise<void> {
  const sql = new pg.Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    for (const name of ['burst', 'daily'])
      await sql.query(LIFT_SQL, [newId('limitOverride'), partnerId, name]);
  } finally {
    await sql.end();
  }
}

/**
 * Publishes a version of the plan of new partners that has no limits to speak of, in a portal that exists for a test: people who sign up by
 * the form then make as many calls as the test does.
 * @param databaseUrl of PostgreSQL's superuser
 */
export async function publishUnlimitedPlan(databaseUrl: string): Promise<void> {
  const sql = new pg.Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    await sql.query(
      `insert into billing.plan_versions (id, plan, version, status, terms, created_at, published_at)
       select $1, plan, version + 1, 'published', terms || '{"limits":{"burst_per_minute":1000000000,"daily":1000000000}}',
         now(), now()
       from billing.plan_versions where plan = 'free' order by version desc limit 1`,
      [newId('planVersion')],
    );
  } finally {
    await sql.end();
  }
}
