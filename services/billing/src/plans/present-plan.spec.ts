import type { PlanVersion, Price } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { presentPlan } from './present-plan.ts';

const tiers = [
  { up_to: 1000, unit_amount: '0.2', flat_amount: 0 },
  { up_to: null, unit_amount: '0.1', flat_amount: 0 },
];
const versionOf = (price: Price, changes: Partial<PlanVersion> = {}, recurring = 1000): PlanVersion => ({
  ...{ object: 'plan_version', id: 'plv_1', plan: 'growth', version: 3, status: 'published' },
  ...{ name: 'Growth', description: 'More', interval: 'month', trial_days: 0, features: [] },
  prices: {
    USD: {
      ...{ recurring_amount: recurring, minimum_amount: 0 },
      charges: [{ metric: 'calls', included: 50, price }],
    },
  },
  ...{ limits: { burst_per_minute: 600, daily: 50_000 }, published_at: '2026-11-01T00:00:00.000Z' },
  ...changes,
});

describe('the short form of a plan', () => {
  it.each<[Price, string]>([
    [{ model: 'per_unit', unit_amount: '0.012' }, '0.012'],
    [{ model: 'graduated', tiers }, '0.2'],
    [{ model: 'volume', tiers }, '0.2'],
    [{ model: 'package', size: 1000, amount: 25 }, '0.025'],
    [{ model: 'flat', amount: 500 }, '0'],
  ])('has the price of the first call above the included ones: %j', (price, unit) => {
    expect(presentPlan(versionOf(price))).toMatchObject({
      ...{ id: 'growth', version: 3, currency: 'USD', monthly_price: 1000 },
      ...{ included_calls: 50, unit_price: unit },
    });
  });

  it('has a twelfth of the price of a year, rounded', () => {
    const yearly = versionOf({ model: 'flat', amount: 0 }, { interval: 'year' }, 10_003);
    expect(presentPlan(yearly).monthly_price).toBe(834);
  });

  it('prefers EUR, and has no calls where none are charged', () => {
    const prices = {
      AED: { recurring_amount: 7, minimum_amount: 0, charges: [] },
      EUR: { recurring_amount: 2, minimum_amount: 0, charges: [] },
    };
    expect(presentPlan(versionOf({ model: 'flat', amount: 0 }, { prices }))).toMatchObject({
      ...{ currency: 'EUR', monthly_price: 2, included_calls: 0, unit_price: '0' },
    });
  });
});
