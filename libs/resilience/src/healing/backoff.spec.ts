import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullJitter } from './backoff.ts';

describe('fullJitter', () => {
  it('is between 0 and a bound that doubles up to the cap', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (repeat, baseMs, capMs, random) => {
          const wait = fullJitter(repeat, baseMs, capMs, () => random);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** repeat));
        },
      ),
    );
    expect(fullJitter(3, 50, 2_000, () => 0.5)).toBe(200);
  });
});
