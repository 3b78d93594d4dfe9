import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  NEW_PLAN,
  newPrice,
  type PlanTerms,
  planFormSchema,
  shift,
  termsOf,
  valuesOf,
} from './plan-form-values.ts';

const amount = fc.integer({ min: 0, max: 1_000_000 });
const unit = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, parts]) => {
    const text = `${whole}.${String(parts).padStart(6, '0')}`.replace(/\.?0+$/, '');
    return text === '' ? '0' : text;
  });
const tiers = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 1000 }), unit_amount: unit, flat_amount: amount }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) => {
    let last = 0;
    return all.map(({ step, ...tier }, index) => {
      last += step;
      return { up_to: index === all.length - 1 ? null : last, ...tier };
    });
  });
const price = fc.oneof(
  fc.record({ model: fc.constant('per_unit' as const), unit_amount: unit }),
  fc.record({ model: fc.constant('flat' as const), amount }),
  fc.record({ model: fc.constantFrom('graduated' as const, 'volume' as const), tiers }),
  fc.record({ model: fc.constant('package' as const), size: fc.integer({ min: 1, max: 9999 }), amount }),
);
const terms = fc
  .record({
    included: fc.integer({ min: 0, max: 10_000_000 }),
    currencies: fc.uniqueArray(fc.constantFrom('EUR', 'INR', 'JPY', 'KWD'), { minLength: 1 }),
    prices: fc.array(fc.tuple(amount, amount, price), { minLength: 4, maxLength: 4 }),
  })
  .map(
    ({ included, currencies, prices }): PlanTerms => ({
      ...{ name: 'Growth', description: 'For products', interval: 'month', trial_days: 14 },
      ...{ limits: { burst_per_minute: 600, daily: 50_000 }, features: ['Support', 'A name'] },
      prices: Object.fromEntries(
        currencies.map((currency, index) => {
          const [recurring, minimum, one] = prices[index] as [number, number, never];
          return [
            currency,
            {
              ...{ recurring_amount: recurring, minimum_amount: minimum },
              charges: [{ metric: 'calls', included, price: one }],
            },
          ];
        }),
      ),
    }),
  );

describe('the plan editor', () => {
  it('moves a decimal point exactly', () => {
    expect(shift('0.00012', 2)).toBe('0.012');
    expect(shift('0.012', -2)).toBe('0.00012');
    expect(shift('49', 2)).toBe('4900');
    expect(shift('4900', -2)).toBe('49');
    expect(shift('5', -2)).toBe('0.05');
    expect(shift('0', 2)).toBe('0');
  });

  it('shows terms as fields, and reads the same terms from them, in every currency', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const values = valuesOf(given);
        expect(planFormSchema.safeParse(values).success).toBe(true);
        expect(termsOf(values)).toEqual(given);
      }),
    );
  });

  it('keeps charges of other metrics', () => {
    const other = { metric: 'events', included: 0, price: { model: 'flat' as const, amount: 5 } };
    const before = termsOf(NEW_PLAN);
    const prices = before.prices.EUR as NonNullable<PlanTerms['prices'][string]>;
    const given = { ...before, prices: { EUR: { ...prices, charges: [...prices.charges, other] } } };
    expect(termsOf({ ...NEW_PLAN, name: 'A' }, given).prices.EUR?.charges).toContainEqual(other);
  });

  it.each([
    ['an amount that is none', { recurring: 'much' }, ['prices', 0, 'recurring']],
    ['decimals that the currency lacks', { currency: 'JPY', recurring: '1.5' }, ['prices', 0, 'recurring']],
    ['a package of nothing', { model: 'package' as const, size: '0' }, ['prices', 0, 'size']],
    ['a currency that is none', { currency: 'euro' }, ['prices', 0, 'currency']],
  ])('refuses %s', (_, change, path) => {
    const checked = planFormSchema.safeParse({
      ...{ ...NEW_PLAN, name: 'A', description: 'B' },
      prices: [{ ...newPrice('EUR'), ...change }],
    });
    expect(checked.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});
