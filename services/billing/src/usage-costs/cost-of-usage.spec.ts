import type { PlanVersion, Price } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addUnits, costOfUnits, costsInOrder, METRIC_NAMES, NO_UNITS, type Units } from './cost-of-usage.ts';

const span = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') };
const period = { span, month: span, currency: 'EUR', isTrial: false };
const versionOf = (price: Price, included: number, minimum = 0) =>
  ({
    id: 'plv_test',
    prices: {
      EUR: {
        ...{ recurring_amount: 1000, minimum_amount: minimum },
        charges: [
          { metric: 'calls', included, price },
          { metric: 'reported_units', included: 0, price: { model: 'flat', amount: 300 } },
        ],
      },
    },
  }) as unknown as PlanVersion;

const tiers = (flat: number) => [
  { up_to: 100, unit_amount: '0.5', flat_amount: 0 },
  { up_to: null, unit_amount: '0.013', flat_amount: flat },
];
const prices: Price[] = [
  { model: 'per_unit', unit_amount: '0.37' },
  { model: 'graduated', tiers: tiers(20) },
  { model: 'package', size: 50, amount: 9 },
];
const unitsOf = (calls: number): Units => ({ ...NO_UNITS, calls: BigInt(calls) });

describe('the cost of usage', () => {
  it('is what each span added, so that all spans sum to the whole, for every price', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...prices),
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }),
        (price, included, calls) => {
          const version = versionOf(price, included);
          const spans = calls.map(unitsOf);
          const whole = costOfUnits(version, period, spans.reduce(addUnits, NO_UNITS));
          expect(costsInOrder(version, period, spans).reduce(addUnits, NO_UNITS)).toEqual(whole);
        },
      ),
    );
  });

  it('has neither fixed amounts nor the minimum, which belong to no unit', () => {
    const version = versionOf({ model: 'per_unit', unit_amount: '2' }, 10, 5000);
    expect(costOfUnits(version, period, { ...unitsOf(12), reported_units: 7n })).toEqual({
      ...{ calls: 4n, reported_units: 0n },
    });
  });

  it('is nothing in a trial', () => {
    const version = versionOf({ model: 'per_unit', unit_amount: '2' }, 0);
    const trial = { ...period, isTrial: true };
    expect(METRIC_NAMES.map((metric) => costOfUnits(version, trial, unitsOf(50))[metric])).toEqual([0n, 0n]);
  });
});
