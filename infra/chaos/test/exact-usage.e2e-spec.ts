import { newId } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { liftLimits } from '../src/requests/lift-limits.ts';
import { logIn } from '../src/requests/probe-partner.ts';
import { PortalUnderTest } from './portal-under-test.ts';

/** Calls under way at once, and what is killed while they are. */
const CALLERS = 6;
const VICTIMS = ['billing', 'gateway', 'nats', 'billing', 'gateway'] as const;
const CALLS_BETWEEN = 60;

describe('usage, from the gateway to the line of an invoice', () => {
  let portal: PortalUnderTest;
  let database: Client;

  beforeAll(async () => {
    portal = await PortalUnderTest.start({ BILLING_GRACE_MS: '0' });
    database = new Client({ connectionString: portal.system.databaseUrl.replace(/postgres$/, 'portal') });
    await database.connect();
  }, 180_000);
  afterAll(async () => {
    await database?.end();
    await portal?.stop();
  }, 60_000);

  const one = async <R extends object>(sql: string, values: unknown[]): Promise<R> => {
    const { rows } = await database.query<R>(sql, values);
    if (!rows[0]) throw new Error(`no row: ${sql}`);
    return rows[0];
  };
  const post = async <T>(path: string, token: string | undefined, body: object, timeoutMs = 10_000) => {
    const given = token === undefined ? {} : { token };
    const response = await portal.client.call(path, { method: 'POST', body, timeoutMs, ...given });
    return { status: response.status, body: response.body as T };
  };

  /** A partner with a live key. */
  async function register(): Promise<{ partnerId: string; key: string }> {
    const owner = { email: `exact-${Date.now()}@example.com`, password: 'a long enough password 9' };
    const { body } = await post<{ partner: { id: string } }>('/v1/partners', undefined, {
      ...{ name: 'Exact', ...owner },
    });
    await liftLimits(portal.system.databaseUrl, body.partner.id);
    const session = await logIn(portal.client, owner.email, owner.password);
    const made = await post<{ key: string }>('/v1/api-keys', session, { name: 'exact', mode: 'live' });
    return { partnerId: body.partner.id, key: made.body.key };
  }

  /** The current month of the partner charges each call and each unit, and is over at this moment. */
  async function endMonth(partnerId: string): Promise<void> {
    const version = newId('planVersion');
    const charges = ['calls', 'reported_units'].map((metric) => ({
      ...{ metric, included: 0, price: { model: 'per_unit', unit_amount: '1' } },
    }));
    const prices = { EUR: { recurring_amount: 0, minimum_amount: 0, charges } };
    await database.query(
      `insert into billing.plan_versions (id, plan, version, status, terms, created_at, published_at)
       select $1, 'exact', 1, 'published', terms || $2, now(), now() from billing.plan_versions where plan = 'free' limit 1`,
      [version, JSON.stringify({ name: 'Exact', prices })],
    );
    await database.query(
      `insert into billing.billing_profiles (partner_id, legal_name, address_lines, city, postal_code, country, state, currency, locale,
         time_zone, email, updated_at)
       values ($1, 'Exact', array['1 Street'], 'Bengaluru', '560001', 'IN', 'KA', 'EUR', 'en-IE', 'UTC', 'a@exact.example', now())`,
      [partnerId],
    );
    await database.query('begin');
    await database.query(
      `update billing.billing_periods set plan_version_id = $2, currency = 'EUR', ends_at = now(), month_to = now() where partner_id = $1`,
      [partnerId, version],
    );
    await database.query(
      `update billing.subscriptions set plan_version_id = $2, currency = 'EUR', period_to = now(), advance_at = now()
       where partner_id = $1`,
      [partnerId, version],
    );
    await database.query('commit');
  }

  it('counts each call and each reported unit once while processes and NATS are killed', async () => {
    const { partnerId, key } = await register();
    const seen = { answered: 0, unanswered: 0, reported: 0 };
    let stop = false;
    const call = async () => {
      while (!stop) {
        const response = await portal.client
          .call('/v1/me', { token: key, timeoutMs: 10_000 })
          .catch(() => null);
        if (response === null || response.status === 0) seen.unanswered++;
        else if (response.status < 500 && response.status !== 429) seen.answered++;
      }
    };
    /** Sends each event until it is acknowledged, as a careful client does. */
    const report = async () => {
      for (let n = 0; !stop; n++) {
        const event = {
          ...{ specversion: '1.0', id: `exact-${n}`, source: '/meter', type: 'usage.reported' },
          data: { metric: 'reported_units', quantity: 3 },
        };
        for (;;) {
          const sent = await post('/v1/usage-events', key, event, 15_000).catch(() => null);
          // A response below 500 is a metered call, too; a lost one may be.
          if (sent === null || sent.status === 0) seen.unanswered++;
          else if (sent.status < 500 && sent.status !== 429) seen.answered++;
          if (sent?.status === 202) break;
        }
        seen.reported += 3;
      }
    };
    const work = [report(), ...Array.from({ length: CALLERS }, call)];
    for (const victim of VICTIMS) {
      const before = seen.answered;
      await eventually(() => expect(seen.answered).toBeGreaterThan(before + CALLS_BETWEEN), {
        ...{ timeoutMs: 60_000, everyMs: 100 },
      });
      const killed = portal.pid(victim);
      process.kill(killed, 'SIGKILL');
      await eventually(() => expect(portal.pid(victim)).not.toBe(killed), { timeoutMs: 60_000 });
    }
    stop = true;
    await Promise.all(work);

    const metered = async () =>
      Number(
        (
          await one<{ n: string }>('select count(*) as n from billing.usage_records where partner_id = $1', [
            partnerId,
          ])
        ).n,
      );
    // Each acknowledged call is metered; one whose response was lost may be. The journals are sent after a while.
    await eventually(async () => expect(await metered()).toBeGreaterThanOrEqual(seen.answered), {
      ...{ timeoutMs: 90_000, everyMs: 500 },
    });
    let calls = -1;
    await eventually(
      async () => {
        const now = await metered();
        const same = now === calls;
        calls = now;
        expect(same).toBe(true);
      },
      { timeoutMs: 60_000, everyMs: 3000 },
    );
    expect(calls).toBeLessThanOrEqual(seen.answered + seen.unanswered);
    await endMonth(partnerId);
    const lines = async () =>
      (
        await database.query<{ description: string; quantity: string }>(
          `select description, quantity from billing.invoice_items
           where partner_id = $1 and kind = 'charge' and invoice_id is not null order by description`,
          [partnerId],
        )
      ).rows.map(({ description, quantity }) => [description.split(',')[0], Number(quantity)]);
    await eventually(
      async () =>
        expect(await lines()).toEqual([
          ['API calls', calls],
          ['Reported units', seen.reported],
        ]),
      { timeoutMs: 90_000, everyMs: 1000 },
    );
  }, 500_000);
});
