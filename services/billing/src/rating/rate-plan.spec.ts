import type { PlanPrices, PlanVersion, Price } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rateCharges, rateFee } from './rate-plan.ts';
import { rateUsage, totalOf } from './rate-usage.ts';

const version = (prices: PlanVersion['prices']) => ({ id: 'plv_1', prices });
const perUnit: Price = { model: 'per_unit', unit_amount: '0.012' };
const growth: PlanPrices = {
  ...{ recurring_amount: 4_900, minimum_amount: 0 },
  charges: [{ metric: 'calls', included: 500_000, price: perUnit }],
};

const amount = fc.nat({ max: 1_000_000 });
const unitAmount = fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 9999 })).map(([a, b]) => `${a}.${b}`);
const tiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }), { maxLength: 4 }),
    fc.infiniteStream(unitAmount),
    amount,
  )
  .map(([ends, units, flat]) =>
    [...ends.sort((a, b) => a - b), null].map((up_to) => ({
      up_to,
      unit_amount: units.next().value,
      flat_amount: flat,
    })),
  );
const price: fc.Arbitrary<Price> = fc.oneof(
  amount.map((flat) => ({ model: 'flat' as const, amount: flat })),
  unitAmount.map((unit) => ({ model: 'per_unit' as const, unit_amount: unit })),
  tiers.map((all) => ({ model: 'graduated' as const, tiers: all })),
  tiers.map((all) => ({ model: 'volume' as const, tiers: all })),
  fc.tuple(fc.integer({ min: 1, max: 5000 }), amount).map(([size, each]) => ({
    ...{ model: 'package' as const, size, amount: each },
  })),
);
const prices = fc
  .tuple(amount, amount, fc.array(fc.tuple(fc.nat({ max: 1e9 }), price), { maxLength: 4 }))
  .map(
    ([recurring_amount, minimum_amount, charges]): PlanPrices => ({
      ...{ recurring_amount, minimum_amount },
      charges: charges.map(([included, one], index) => ({ metric: `metric_${index}`, included, price: one })),
    }),
  );
const quantities = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 4, maxLength: 4 })
  .map((all) => Object.fromEntries(all.map((quantity, index) => [`metric_${index}`, quantity])));

describe('what a plan version costs', () => {
  it('is its fee, and the units above the included ones, each line rounded once', () => {
    expect(rateFee(version({ EUR: growth }), 'EUR')).toEqual([
      { of: 'fee', kind: 'flat', quantity: 1n, unit_amount: '4900', amount: 4900n },
    ]);
    expect(rateCharges(version({ EUR: growth }), 'EUR', { calls: 500_000n })).toEqual([]);
    expect(rateCharges(version({ EUR: growth }), 'EUR', { calls: 1_234_567n })).toEqual([
      {
        ...{ of: 'charge', metric: 'calls', included: 500_000n, kind: 'unit' },
        ...{ quantity: 734_567n, unit_amount: '0.012', amount: 8815n },
      },
    ]);
    expect(rateFee(version({ EUR: { ...growth, recurring_amount: 0 } }), 'EUR')).toEqual([]);
  });

  it('is at least the minimum of all charges together', () => {
    const charges = [...growth.charges, { metric: 'rows', included: 0, price: perUnit }];
    const lines = rateCharges(version({ EUR: { ...growth, minimum_amount: 1000, charges } }), 'EUR', {
      ...{ calls: 510_000n, rows: 10_000n },
    });
    expect(lines.map((line) => [line.of, line.amount])).toEqual([
      ['charge', 120n],
      ['charge', 120n],
      ['minimum', 760n],
    ]);
  });

  it('names the currencies when there is no price in one', () => {
    for (const currency of ['USD', 'constructor', '__proto__'])
      expect(() => rateCharges(version({ EUR: growth }), currency, {})).toThrow(
        expect.objectContaining({ code: 'BILLING.CURRENCY_NOT_PRICED' }),
      );
  });

  it('is for any plan and any use the larger of the sum of its charges and the minimum', () => {
    fc.assert(
      fc.property(prices, quantities, (one, used) => {
        const lines = rateCharges(version({ EUR: one }), 'EUR', used);
        const sum = one.charges.reduce(
          (total, { metric, included, price: of }) =>
            total + totalOf(rateUsage(of, used[metric] ?? 0n, { included: BigInt(included) })),
          0n,
        );
        const minimum = BigInt(one.minimum_amount);
        expect(totalOf(lines)).toBe(sum > minimum ? sum : minimum);
        for (const line of lines) expect(line.amount).toBeGreaterThanOrEqual(0n);
        for (const line of lines) if (line.of === 'charge') expect(line.metric in used).toBe(true);
      }),
    );
  });

  it('does not depend on the metrics that the plan does not charge, nor on the other currencies', () => {
    fc.assert(
      fc.property(prices, prices, quantities, (one, other, used) => {
        const alone = rateCharges(version({ EUR: one }), 'EUR', used);
        expect(rateCharges(version({ EUR: one, USD: other }), 'EUR', { ...used, other: 5n })).toEqual(alone);
      }),
    );
  });
});
