import { type Price, priceSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rateUsage, totalOf } from './rate-usage.ts';

const quantity = fc.bigInt({ min: 0n, max: 10n ** 12n });
const amount = fc.integer({ min: 0, max: 1_000_000 });
const unitAmount = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, decimals]) => `${whole}.${decimals.toString().padStart(6, '0')}`);
const tiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 5 }),
    fc.array(fc.record({ unit_amount: unitAmount, flat_amount: amount }), { minLength: 6, maxLength: 6 }),
  )
  .map(([ends, prices]) =>
    [...ends.sort((a, b) => a - b), null].map((up_to, index) => ({
      up_to,
      ...(prices[index] as { unit_amount: string; flat_amount: number }),
    })),
  );
const price: fc.Arbitrary<Price> = fc.oneof(
  fc.record({ model: fc.constant('flat' as const), amount }),
  fc.record({ model: fc.constant('per_unit' as const), unit_amount: unitAmount }),
  fc.record({ model: fc.constant('graduated' as const), tiers }),
  fc.record({ model: fc.constant('volume' as const), tiers }),
  fc.record({ model: fc.constant('package' as const), size: fc.integer({ min: 1, max: 1000 }), amount }),
);

const STEPS: Price & { model: 'graduated' } = {
  model: 'graduated',
  tiers: [
    { up_to: 100, unit_amount: '10', flat_amount: 500 },
    { up_to: 1000, unit_amount: '5.5', flat_amount: 0 },
    { up_to: null, unit_amount: '0.012', flat_amount: 0 },
  ],
};
const cost = (of: Price, units: bigint) => totalOf(rateUsage(of, units));

describe('rateUsage', () => {
  it.each<[Price, bigint, bigint]>([
    [{ model: 'flat', amount: 4900 }, 0n, 4900n],
    [{ model: 'flat', amount: 4900 }, 7n, 4900n],
    [{ model: 'per_unit', unit_amount: '0.012' }, 41n, 0n],
    [{ model: 'per_unit', unit_amount: '0.012' }, 42n, 1n],
    [{ model: 'per_unit', unit_amount: '0.5' }, 1n, 1n],
    [{ model: 'package', size: 100, amount: 30 }, 0n, 0n],
    [{ model: 'package', size: 100, amount: 30 }, 100n, 30n],
    [{ model: 'package', size: 100, amount: 30 }, 101n, 60n],
    [STEPS, 0n, 0n],
    [STEPS, 1n, 510n],
    [STEPS, 100n, 1500n],
    [STEPS, 101n, 1506n],
    [STEPS, 1100n, 1500n + 4950n + 1n],
    [{ ...STEPS, model: 'volume' }, 100n, 1500n],
    // The price falls where a tier begins: all units cost what the second tier says.
    [{ ...STEPS, model: 'volume' }, 101n, 556n],
  ])('%j of %s units costs %s', (of, units, expected) => {
    expect(cost(of, units)).toBe(expected);
  });

  it('takes included units off, and adds what is missing to the minimum', () => {
    const perUnit: Price = { model: 'per_unit', unit_amount: '2' };
    expect(rateUsage(perUnit, 10n, { included: 10n })).toEqual([]);
    expect(rateUsage(perUnit, 15n, { included: 10n, minimum: 25n })).toEqual([
      { kind: 'unit', quantity: 5n, unit_amount: '2', amount: 10n },
      { kind: 'minimum', quantity: 1n, unit_amount: '15', amount: 15n },
    ]);
  });

  it('is one line for each tier', () => {
    expect(rateUsage(STEPS, 1100n)).toEqual([
      { kind: 'unit', quantity: 100n, unit_amount: '10', amount: 1000n, tier: { from: 1n, to: 100n } },
      { kind: 'flat', quantity: 1n, unit_amount: '500', amount: 500n, tier: { from: 1n, to: 100n } },
      { kind: 'unit', quantity: 900n, unit_amount: '5.5', amount: 4950n, tier: { from: 101n, to: 1000n } },
      { kind: 'unit', quantity: 100n, unit_amount: '0.012', amount: 1n, tier: { from: 1001n, to: null } },
    ]);
  });

  it('takes prices that the contract accepts, and never charges less than 0', () => {
    fc.assert(
      fc.property(price, quantity, (of, units) => {
        expect(priceSchema.safeParse(of).success).toBe(true);
        for (const { amount } of rateUsage(of, units)) expect(amount >= 0n).toBe(true);
      }),
    );
  });

  it('never costs less for more units, except by volume', () => {
    const monotone = price.filter(({ model }) => model !== 'volume');
    fc.assert(
      fc.property(monotone, quantity, fc.bigInt({ min: 0n, max: 10n ** 6n }), (of, units, more) => {
        expect(cost(of, units + more) >= cost(of, units)).toBe(true);
      }),
    );
  });

  it('counts each unit in one tier of a graduated price', () => {
    fc.assert(
      fc.property(tiers, quantity, (all, units) => {
        const lines = rateUsage({ model: 'graduated', tiers: all }, units).filter(
          ({ kind }) => kind === 'unit',
        );
        expect(lines.reduce((sum, line) => sum + line.quantity, 0n)).toBe(units);
      }),
    );
  });

  it('is off by less than a unit for each line, and exact in whole prices', () => {
    fc.assert(
      fc.property(tiers, quantity, (all, units) => {
        for (const line of rateUsage({ model: 'graduated', tiers: all }, units)) {
          const [whole = '', decimals = ''] = line.unit_amount.split('.');
          const scale = 10n ** BigInt(decimals.length);
          const exact = BigInt(whole + decimals) * line.quantity;
          const distance = 2n * (line.amount * scale - exact);
          expect(distance <= scale && distance > -scale).toBe(true);
          if (decimals === '') expect(distance).toBe(0n);
        }
      }),
    );
  });

  it('charges at least the minimum, and never changes what is above it', () => {
    fc.assert(
      fc.property(price, quantity, fc.bigInt({ min: 0n, max: 10n ** 9n }), (of, units, minimum) => {
        const total = cost(of, units);
        const charged = totalOf(rateUsage(of, units, { minimum }));
        if (total >= minimum) expect(charged).toBe(total);
        else expect(charged).toBe(minimum);
      }),
    );
  });
});

describe('a price', () => {
  const tier = { unit_amount: '1', flat_amount: 0 };
  it.each([
    { model: 'per_unit', unit_amount: 0.1 },
    { model: 'per_unit', unit_amount: '-1' },
    { model: 'per_unit', unit_amount: '1e3' },
    { model: 'flat', amount: 1.5 },
    { model: 'package', size: 0, amount: 1 },
    { model: 'graduated', tiers: [] },
    { model: 'graduated', tiers: [{ up_to: 10, ...tier }] },
    {
      model: 'volume',
      tiers: [
        { up_to: null, ...tier },
        { up_to: null, ...tier },
      ],
    },
    {
      model: 'volume',
      tiers: [
        { up_to: 10, ...tier },
        { up_to: 10, ...tier },
        { up_to: null, ...tier },
      ],
    },
    { model: 'auction', amount: 1 },
  ])('is not %j', (input) => {
    expect(priceSchema.safeParse(input).success).toBe(false);
  });
});
