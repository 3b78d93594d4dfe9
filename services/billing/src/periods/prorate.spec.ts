import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prorateChange, shareOf } from './prorate.ts';

const fee = fc.bigInt({ min: 0n, max: 10n ** 12n });
/** A period of whole seconds, and two moments within it in their order. */
const period = fc
  .tuple(fc.integer({ min: 1, max: 366 * 86_400 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat())
  .map(([length, first, second]) => {
    const start = Date.UTC(2026, 10, 1);
    const one = Math.min(length, Math.floor(length * first));
    const two = Math.min(length, one + (second % (length - one + 1)));
    const at = (seconds: number) => new Date(start + seconds * 1000);
    return { whole: { from: at(0), to: at(length) }, first: at(one), second: at(two), one, two, length };
  });

describe('the proration of a change', () => {
  it('gives back the rest of the old fee and charges the rest of the new one', () => {
    const november = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') };
    const at = new Date('2026-11-16T00:00:00Z');
    expect(prorateChange(4_900n, 49_900n, november, at)).toEqual({ credit: -2_450n, charge: 24_950n });
    expect(prorateChange(4_900n, 49_900n, november, november.from)).toEqual({
      ...{ credit: -4_900n, charge: 49_900n },
    });
    expect(prorateChange(4_900n, 49_900n, november, november.to)).toEqual({ credit: 0n, charge: 0n });
  });

  it('costs nothing when it is taken back at once', () => {
    fc.assert(
      fc.property(fee, fee, period, (a, b, { whole, first }) => {
        const there = prorateChange(a, b, whole, first);
        const back = prorateChange(b, a, whole, first);
        expect(there.credit + there.charge + back.credit + back.charge).toBe(0n);
      }),
    );
  });

  it('costs what the time between costs, to one unit, when it is taken back later', () => {
    fc.assert(
      fc.property(fee, fee, period, (a, b, { whole, first, second, one, two, length }) => {
        const there = prorateChange(a, b, whole, first);
        const back = prorateChange(b, a, whole, second);
        const paid = there.credit + there.charge + back.credit + back.charge;
        // (b - a) × (two - one) / length, to one unit for each of the two fees.
        const exact = (b - a) * BigInt(two - one);
        const off = paid * BigInt(length) - exact;
        expect(off <= 2n * BigInt(length) && off >= -2n * BigInt(length)).toBe(true);
      }),
    );
  });

  it('never charges more than the fee, and adds up to it', () => {
    fc.assert(
      fc.property(fee, period, (amount, { whole, first }) => {
        const used = shareOf(amount, { from: whole.from, to: first }, whole);
        const unused = shareOf(amount, { from: first, to: whole.to }, whole);
        expect(unused >= 0n && unused <= amount).toBe(true);
        const off = used + unused - amount;
        expect(off === 0n || off === 1n).toBe(true);
      }),
    );
  });
});
