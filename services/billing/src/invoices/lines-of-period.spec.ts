import type { PlanVersion } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { linesOfPeriod } from './lines-of-period.ts';

const november = { month: '2026-11', locale: 'en-IE' };
const growth: PlanVersion = {
  ...{ object: 'plan_version', id: 'plv_1', plan: 'growth', version: 1, status: 'published' },
  ...{ name: 'Growth', description: 'More', interval: 'month', trial_days: 0, features: [] },
  prices: {
    EUR: {
      ...{ recurring_amount: 4_900, minimum_amount: 0 },
      charges: [{ metric: 'calls', included: 500_000, price: { model: 'per_unit', unit_amount: '0.012' } }],
    },
  },
  ...{ limits: { burst_per_minute: 600, daily: 50_000 }, published_at: '2026-11-01T00:00:00.000Z' },
};
const linesOf = (calls: bigint, version = growth, detail: string | null = null) =>
  linesOfPeriod(version, 'EUR', { calls }, { ...november, detail });

describe('linesOfPeriod', () => {
  it('is the price of the plan while the included calls are enough', () => {
    expect(linesOf(500_000n)).toEqual([
      {
        ...{ description: 'Plan Growth, November 2026', detail: null, quantity: 1n },
        ...{ unitAmount: '4900', amount: 4900n },
      },
    ]);
  });

  it('adds the calls above, rounded once', () => {
    expect(linesOf(1_234_567n, growth, 'SAC 998315')).toMatchObject([
      { description: 'Plan Growth, November 2026', amount: 4900n },
      {
        ...{ description: 'API calls above the included 500,000, November 2026', detail: 'SAC 998315' },
        ...{ quantity: 734_567n, unitAmount: '0.012', amount: 8815n },
      },
    ]);
  });

  it('says which units a tier is about, and what is missing to the minimum', () => {
    const price = {
      model: 'graduated' as const,
      tiers: [
        { up_to: 1000, unit_amount: '0.2', flat_amount: 0 },
        { up_to: null, unit_amount: '0.1', flat_amount: 5 },
      ],
    };
    const charges = [{ metric: 'calls', included: 0, price }];
    const tiered = {
      ...growth,
      prices: { EUR: { recurring_amount: 0, minimum_amount: 1000, charges } },
    };
    expect(linesOf(1500n, tiered).map(({ description, amount }) => [description, amount])).toEqual([
      ['API calls, 1 to 1,000, November 2026', 200n],
      ['API calls, from 1,001, November 2026', 50n],
      ['API calls, from 1,001, fixed, November 2026', 5n],
      ['Minimum of plan Growth, November 2026', 745n],
    ]);
  });

  it('is nothing with a plan that costs nothing and few calls', () => {
    const free = { ...growth, prices: { EUR: { ...growth.prices.EUR!, recurring_amount: 0 } } };
    expect(linesOf(10_000n, free)).toEqual([]);
  });
});
