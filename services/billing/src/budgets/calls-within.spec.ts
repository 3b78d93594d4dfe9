import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callsWithin } from './calls-within.ts';

describe('callsWithin', () => {
  it('is the last number of calls that the amount pays for', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10_000n }),
        fc.bigInt({ min: 0n, max: 1000n }),
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        (price, included, amount) => {
          const cost = (calls: bigint) => (calls > included ? (calls - included) * price : 0n);
          const calls = callsWithin(cost, amount);
          if (calls === null) expect(cost(10n ** 9n)).toBeLessThanOrEqual(amount);
          else {
            expect(cost(calls)).toBeLessThanOrEqual(amount);
            expect(cost(calls + 1n)).toBeGreaterThan(amount);
          }
        },
      ),
    );
  });

  it('is 0 when even no call costs more, and null when nothing is charged', () => {
    expect(callsWithin(() => 5n, 4n)).toBe(0n);
    expect(callsWithin(() => 0n, 1n)).toBeNull();
  });

  it('ends with a package that still fits', () => {
    const packages = (calls: bigint) => ((calls + 99n) / 100n) * 30n;
    expect(callsWithin(packages, 100n)).toBe(300n);
  });

  it('is before the first call that costs more, where a volume price falls behind it', () => {
    // One cent each up to 1,000 calls, a tenth of it for all of more than that.
    const volume = (calls: bigint) => (calls <= 1000n ? calls : calls / 10n);
    expect(callsWithin(volume, 500n, [1001n])).toBe(500n);
    expect(callsWithin(volume, 1000n, [1001n])).toBe(10_009n);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 3000n }), (amount) => {
        const calls = callsWithin(volume, amount, [1001n]) as bigint;
        let first = 0n;
        while (volume(first + 1n) <= amount) first += 1n;
        expect(calls).toBe(first);
      }),
      { numRuns: 30 },
    );
  });
});
