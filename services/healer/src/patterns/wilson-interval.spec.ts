import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wilsonLowerBound } from './wilson-interval.ts';

const trials = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the lower bound of a success rate', () => {
  it.each([
    [10, 10, 0.7225],
    [9, 10, 0.5958],
    [8, 10, 0.4902],
    [81, 100, 0.7222],
    [950, 1000, 0.9347],
    [0, 10, 0],
  ])('of %i in %i is %d', (successes, all, bound) => {
    expect(wilsonLowerBound(successes, all)).toBeCloseTo(bound, 4);
  });

  it('is 0 for want of trials', () => {
    expect(wilsonLowerBound(0, 0)).toBe(0);
    expect(wilsonLowerBound(Number.NaN, Number.NaN)).toBe(0);
  });

  it('lies between 0 and the rate itself', () => {
    fc.assert(
      fc.property(trials, share, (n, rate) => {
        const bound = wilsonLowerBound(rate * n, n);
        expect(bound).toBeGreaterThanOrEqual(0);
        expect(bound).toBeLessThanOrEqual(Math.min(1, (rate * n) / n));
      }),
    );
  });

  it('grows with successes, and with trials at the same rate', () => {
    fc.assert(
      fc.property(trials, share, share, fc.double({ min: 1, max: 100, noNaN: true }), (n, a, b, more) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(wilsonLowerBound(low * n, n)).toBeLessThanOrEqual(wilsonLowerBound(high * n, n) + 1e-12);
        expect(wilsonLowerBound(a * n, n)).toBeLessThanOrEqual(
          wilsonLowerBound(a * n * more, n * more) + 1e-9,
        );
      }),
    );
  });

  it('solves the equation that defines the interval', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e4, noNaN: true }), share, (n, rate) => {
        const bound = wilsonLowerBound(rate * n, n);
        // (rate - bound)^2 = z^2 * bound * (1 - bound) / n
        expect((rate - bound) ** 2).toBeCloseTo((1.959963984540054 ** 2 * bound * (1 - bound)) / n, 9);
      }),
    );
  });
});
