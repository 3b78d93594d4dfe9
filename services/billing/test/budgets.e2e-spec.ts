import type { Bus } from '@gridworks/bus';
import {
  entitlementsChanged,
  getEntitlements,
  getSpending,
  newId,
  type ParsedInputOf,
  paymentMailRequested,
  recordUsageEvents,
  removeBudget,
  setBudget,
  type UsageRecord,
  usageRecorded,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountant } from './accountant.ts';
import { BilledPartners, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

const NOW = () => new Date().toISOString();

describe('budgets', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  let partners: BilledPartners;
  const changes: string[] = [];
  beforeAll(async () => {
    billing = await startBilling();
    partners = new BilledPartners(await billing.startInstance());
    await partners.database.whenReady();
    await publishTestPlans(billing);
    gateway = await billing.startGateway();
    gateway.listen(entitlementsChanged, async ({ payload }) => void changes.push(payload.partner_id));
  });
  afterAll(() => billing.stop());

  const by = (partner: string) => ({ principal: accountant(partner) });
  /** A partner with the plan `meter` since now: ten calls of a month are included, each further one costs 2. */
  const register = async () => {
    const partner = await partners.register(NOW());
    await partners.change(partner, 'meter', NOW());
    return partner;
  };
  const set = (partner: string, input: Partial<ParsedInputOf<typeof setBudget>>) =>
    gateway.request(setBudget, { amount: null, at_limit: 'overage', ...input }, by(partner));
  const spending = (partner: string) => gateway.request(getSpending, {}, by(partner));
  const allowance = async (partner_id: string, used_up?: string) =>
    (await gateway.request(getEntitlements, { partner_id, ...(used_up ? { used_up } : {}) })).budget ?? null;
  /** Live calls that the gateway has metered. */
  const call = async (partner_id: string, count: number, at = NOW()) => {
    const records = Array.from(
      { length: count },
      (): UsageRecord => ({
        ...{ id: newId('usage'), partner_id, api_key_id: newId('apiKey'), mode: 'live' },
        ...{ operation: 'GET /v1/plans', status: 200, at },
      }),
    );
    await gateway.publish(usageRecorded, { records }, { partnerId: partner_id });
    return records;
  };
  const told = async (partner: string) => {
    const rows = await billing.query<{ event: { data: { words: Record<string, string> } } }>(
      'select event from outbox where subject = $1 and event::text like $2 order by sequence',
      [paymentMailRequested.subject, `%${partner}%`],
    );
    return rows.map(({ event }) => event.data.words);
  };
  const percents = async (partner: string) => (await told(partner)).map(({ percent }) => percent);

  it('show what the calls of the month cost, without one, too', async () => {
    const partner = await register();
    await call(partner, 25);
    await eventually(async () =>
      expect(await spending(partner)).toMatchObject({ currency: 'EUR', calls: 25, spent: 30, budget: null }),
    );
    expect(await allowance(partner)).toBeNull();
    await expect(gateway.request(removeBudget, {}, by(partner))).rejects.toMatchObject({
      code: 'BILLING.BUDGET_NOT_FOUND',
    });
    expect(await spending(newId('partner'))).toMatchObject({ calls: 0, spent: 0, budget: null });
  });

  it('tell at 50, 80 and 100 %, once each in a month, and calls go on', async () => {
    const partner = await register();
    expect((await set(partner, { amount: 100 })).budget).toMatchObject({
      ...{ amount: 100, at_limit: 'overage', limit_calls: 60, percent: 0, alerts: [] },
    });
    await call(partner, 34);
    await eventually(async () => expect(await spending(partner)).toMatchObject({ budget: { percent: 48 } }));
    expect(await told(partner)).toEqual([]);
    await call(partner, 1);
    await eventually(async () => expect(await percents(partner)).toEqual(['50']));
    await call(partner, 20);
    await eventually(async () => expect(await percents(partner)).toEqual(['50', '80']));
    await call(partner, 30);
    await eventually(async () => expect(await percents(partner)).toEqual(['50', '80', '100']));
    expect((await told(partner)).at(-1)).toMatchObject({
      ...{ amount: '€1.50', limit: 'a budget of €1.00', stops: 'false' },
    });
    await set(partner, { amount: 120 });
    await call(partner, 10);
    await eventually(async () => expect((await spending(partner)).calls).toBe(95));
    expect(await spending(partner)).toMatchObject({
      budget: { percent: 141, alerts: [{ percent: 50 }, { percent: 80 }, { percent: 100 }] },
    });
    expect(await percents(partner)).toEqual(['50', '80', '100']);
    expect(await allowance(partner)).toBeNull();
  });

  it('tell once when several thresholds are crossed at a time', async () => {
    const partner = await register();
    await set(partner, { amount: 20 });
    await call(partner, 40);
    await eventually(async () => expect(await percents(partner)).toEqual(['100']));
  });

  it('with a hard stop give the gateways an allowance, which is 0 within a second of the count that reaches it', async () => {
    const partner = await register();
    await call(partner, 5);
    await eventually(async () => expect((await spending(partner)).calls).toBe(5));
    const { period } = await set(partner, { amount: 101, at_limit: 'hard_stop' });
    // 60 calls cost 100, 61 would cost 102; five of them are made.
    const first = await allowance(partner);
    expect(first).toMatchObject({ calls: 55, ends_at: period?.to, next_calls: 60 });
    expect(await allowance(partner)).toEqual(first);
    await call(partner, 54);
    await eventually(async () => expect((await spending(partner)).calls).toBe(59));
    // The gateways count what is left themselves: the allowance of a generation does not shrink.
    expect(await allowance(partner)).toEqual(first);
    const before = changes.filter((id) => id === partner).length;
    await call(partner, 1);
    await eventually(() => changes.filter((id) => id === partner).length > before);
    expect(await allowance(partner)).toEqual({ ...first, calls: 0 });
    expect((await told(partner)).at(-1)).toMatchObject({ percent: '100', stops: 'true' });
    const raised = await set(partner, { amount: 201, at_limit: 'hard_stop' });
    expect(raised.budget).toMatchObject({ limit_calls: 110 });
    const second = await allowance(partner);
    expect(second).toMatchObject({ calls: 50 });
    expect(second?.generation).not.toBe(first?.generation);
    await gateway.request(removeBudget, {}, by(partner));
    expect(await allowance(partner)).toBeNull();
  });

  it('are none in another currency than they were set in', async () => {
    const partner = await partners.register(NOW());
    await set(partner, { amount: 500, at_limit: 'hard_stop' });
    await billing.query(`update billing_profiles set currency = 'INR' where partner_id = $1`, [partner]);
    await partners.change(partner, 'meter', NOW());
    expect(await spending(partner)).toMatchObject({ currency: 'INR', budget: null });
    expect(await allowance(partner)).toBeNull();
    expect((await set(partner, { amount: 900 })).budget).toMatchObject({ amount: 900 });
  });

  it('stop at the included units where no amount is given', async () => {
    const partner = await register();
    const { budget } = await set(partner, { at_limit: 'hard_stop' });
    expect(budget).toMatchObject({ amount: null, limit_calls: 10, percent: 0 });
    expect(await allowance(partner)).toMatchObject({ calls: 10, next_calls: 10 });
    await call(partner, 8);
    await eventually(async () => expect(await percents(partner)).toEqual(['80']));
    expect((await told(partner))[0]).toMatchObject({ amount: '8 calls', limit: '10 calls of your plan' });
    await partners.change(partner, 'larger', NOW());
    const changed = await allowance(partner);
    expect(changed?.calls).toBeGreaterThan(90);
  });

  it('count what partners report, which leaves fewer calls', async () => {
    const prices = {
      ...{ recurring_amount: 0, minimum_amount: 0 },
      charges: [
        { metric: 'calls', included: 10, price: { model: 'per_unit', unit_amount: '2' } },
        { metric: 'reported_units', included: 0, price: { model: 'per_unit', unit_amount: '1' } },
      ],
    };
    const terms = {
      ...{ name: 'Mixed', description: 'Mixed', interval: 'month', trial_days: 0, features: [] },
      ...{ prices: { EUR: prices }, limits: { burst_per_minute: 60, daily: 1000 } },
    };
    await billing.query(
      `insert into plan_versions (id, plan, version, status, terms, created_at, published_at)
       values ($1, 'mixed', 1, 'published', $2, now(), now())`,
      [newId('planVersion'), JSON.stringify(terms)],
    );
    const partner = await partners.register(NOW());
    await partners.change(partner, 'mixed' as never, NOW());
    await set(partner, { amount: 100, at_limit: 'hard_stop' });
    expect(await allowance(partner)).toMatchObject({ calls: 60 });
    const before = changes.filter((id) => id === partner).length;
    const event = { id: 'a', source: '/warehouse', specversion: '1.0' as const, time: NOW() };
    await gateway.request(
      recordUsageEvents,
      {
        events: [
          { ...event, type: 'usage.reported' as const, data: { metric: 'reported_units', quantity: 40 } },
        ],
      },
      { principal: { ...keyOf(partner), mode: 'live' } },
    );
    await eventually(() => changes.filter((id) => id === partner).length > before);
    expect(await allowance(partner)).toMatchObject({ calls: 40 });
    expect(await spending(partner)).toMatchObject({ spent: 40, budget: { percent: 40, limit_calls: 40 } });
  });

  it('give out again what was leased and never called, once every call is counted', async () => {
    const partner = await register();
    await set(partner, { amount: 100, at_limit: 'hard_stop' });
    const first = await allowance(partner);
    await call(partner, 20);
    await eventually(async () => expect((await spending(partner)).calls).toBe(20));
    // A call was counted just now, so that others may be under way.
    expect(await allowance(partner, first?.generation)).toEqual(first);
    await billing.query(
      `update usage_daily set last_call_at = last_call_at - interval '6 seconds' where partner_id = $1`,
      [partner],
    );
    expect(await allowance(partner)).toEqual(first);
    const second = await allowance(partner, first?.generation);
    expect(second).toMatchObject({ calls: 40 });
    expect(second?.generation).not.toBe(first?.generation);
    expect(await allowance(partner, first?.generation)).toEqual(second);
  });
});
