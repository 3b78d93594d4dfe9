import type { Bus } from '@gridworks/bus';
import { forecastUsageCost, getUsage, type InputOf, newId, summarizeUsage } from '@gridworks/contracts';
import { keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { BilledPartners, PROFILE, publishTestPlans } from './billed-partner.ts';
import { startBilling } from './billing-under-test.ts';

const ZONE = 'Asia/Kolkata';

describe('usage with its cost', () => {
  let billing: ServiceUnderTest;
  let partners: BilledPartners;
  let gateway: Bus;
  /** Midnight of the day 20 days ago by the clock of the partner, which is no hour of UTC. */
  const began = DateTime.now().setZone(ZONE).startOf('day').minus({ days: 20 });
  const day = (n: number, time: object = {}) => began.plus({ days: n }).set(time);
  const moment = (at: DateTime) => at.toUTC().toISO() as string;
  const name = (at: DateTime) => at.toFormat('yyyy-MM-dd');

  beforeAll(async () => {
    billing = await startBilling();
    partners = new BilledPartners(await billing.startInstance());
    gateway = await billing.startGateway();
    await partners.database.whenReady();
    await publishTestPlans(billing);
  });
  afterAll(() => billing.stop());

  const usage = (of: string, query: InputOf<typeof getUsage>) =>
    gateway.request(getUsage, query, { principal: keyOf(of) });
  const groupsOf = async (of: string, query: InputOf<typeof getUsage>) => {
    const { groups } = await usage(of, { from: name(began), ...query });
    return groups as NonNullable<typeof groups>;
  };
  /** A partner of the plan `meter`: ten units of a month are included, each further one costs 2. */
  const metered = async () => {
    const partner = await partners.register(moment(began), { ...PROFILE, time_zone: ZONE });
    await partners.change(partner, 'meter', moment(began));
    return partner;
  };
  const times = (count: number, at: DateTime) => Array.from({ length: count }, () => moment(at));

  it('is by day of the clock of the subscription, and each day costs what it added', async () => {
    const partner = await metered();
    await partners.call(partner, [
      // The first minute and the last one of a day, on either side of half past six of UTC.
      ...times(3, day(1, { minute: 1 })),
      ...times(4, day(1, { hour: 23, minute: 59 })),
      ...times(6, day(2)),
      ...times(2, day(5, { hour: 12 })),
    ]);
    await partners.call(partner, times(50, day(2, { hour: 3 })), 'test');
    const groups = await groupsOf(partner, { group_by: 'day' });
    expect(groups).toMatchObject({ by: 'day', time_zone: ZONE, currency: 'EUR', has_more: false });
    expect(groups.data).toEqual([
      { group: name(day(1)), calls: 7, reported_units: 0, cost: 0 },
      { group: name(day(2)), calls: 6, reported_units: 0, cost: 6 },
      { group: name(day(5)), calls: 2, reported_units: 0, cost: 4 },
    ]);
    expect(groups.total).toEqual({ calls: 15, reported_units: 0, cost: 10 });
    const part = await groupsOf(partner, { group_by: 'day', from: name(day(2)), to: name(day(4)) });
    expect(part.data).toEqual([{ group: name(day(2)), calls: 6, reported_units: 0, cost: 6 }]);
    const page = await groupsOf(partner, { group_by: 'day', limit: 1, starting_after: name(day(1)) });
    expect(page).toMatchObject({ has_more: true, data: [{ group: name(day(2)) }] });
    const hours = await groupsOf(partner, { group_by: 'hour', from: name(day(1)), to: name(day(2)) });
    expect(hours.data.map(({ calls, cost }) => [calls, cost])).toEqual([
      [3, 0],
      [10, 6],
    ]);
  });

  it('is by key, route and product, whose costs sum to the bill', async () => {
    const partner = await metered();
    await partners.call(partner, times(9, day(1)));
    await partners.call(partner, times(7, day(18, { hour: 7 })));
    for (const group_by of ['key', 'operation', 'product'] as const) {
      const { data, total } = await groupsOf(partner, { group_by });
      expect(total).toEqual({ calls: 16, reported_units: 0, cost: 12 });
      expect(data.reduce((sum, { cost }) => sum + cost, 0)).toBe(12);
      expect(data.map(({ calls }) => calls)).toEqual(group_by === 'key' ? [9, 7] : [16]);
    }
    const bill = await gateway.request(forecastUsageCost, {}, { principal: keyOf(partner) });
    expect(bill.bill).toMatchObject({ amount: 12, lines: [{ quantity: 6, unit_amount: '2', amount: 12 }] });
  });

  it('agrees with the bill after a change of the plan, and has no cost for a stranger', async () => {
    const partner = await metered();
    await partners.call(partner, times(20, day(1)));
    await partners.change(partner, 'larger', moment(day(10)));
    await partners.call(partner, times(300, day(12)));
    const { total } = await groupsOf(partner, { group_by: 'day' });
    const { bill } = await gateway.request(forecastUsageCost, {}, { principal: keyOf(partner) });
    expect(total).toMatchObject({ calls: 320, cost: bill.amount });
    expect(bill.lines).toHaveLength(2);
    expect((await groupsOf(newId('partner'), { group_by: 'key' })).data).toEqual([]);
  });

  it('is forecast from the days before, with a range', async () => {
    const partner = await metered();
    for (let n = 10; n < 20; n++)
      await partners.call(partner, times(n % 2 === 0 ? 4 : 6, day(n, { hour: 6 })));
    const found = await gateway.request(forecastUsageCost, {}, { principal: keyOf(partner) });
    expect(found).toMatchObject({ time_zone: ZONE, based_on_days: 10, plan: { id: 'meter' } });
    expect(found.period.from).toBe(moment(began));
    const [calls] = found.metrics;
    expect(calls).toMatchObject({ metric: 'calls', used: 50, included: 10 });
    const left = (Date.parse(found.period.to) - Date.parse(found.observed_at)) / 86_400_000;
    expect(calls!.forecast).toBeGreaterThan(50 + 4 * left);
    expect(calls!.forecast).toBeLessThan(50 + 6 * left);
    expect(calls!.low).toBeLessThan(calls!.forecast);
    expect(found.forecast.amount).toBe(2 * (calls!.forecast - 10));
    expect(found.forecast.low).toBe(2 * (calls!.low - 10));
    expect(found.forecast.high).toBe(2 * (calls!.high - 10));
    const summary = await gateway.request(summarizeUsage, {}, { principal: keyOf(partner) });
    expect(summary).toMatchObject({
      ...{ used_calls: 50, included_calls: 10 },
      period: { from: name(began), to: name(began.plus({ months: 1 })) },
    });
  });

  it('is refused for more days than it is grouped for', async () => {
    await expect(
      usage(newId('partner'), { group_by: 'hour', from: '2026-01-01', to: '2026-01-17' }),
    ).rejects.toMatchObject({ code: 'BILLING.USAGE_RANGE_TOO_LONG' });
  });
});
