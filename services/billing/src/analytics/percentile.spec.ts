import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { percentile } from './percentile.ts';

const bucketOf = (ms: number): number => Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(1.25));

describe('a percentile of the latency histogram', () => {
  it('is null without calls', () => expect(percentile(new Map(), 0.5)).toBeNull());

  it('is in the bucket of the exact value', () => {
    const samples = fc.array(fc.double({ min: 1, max: 60_000, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(samples, fc.constantFrom(0.5, 0.95), (values, share) => {
        const histogram = new Map<number, number>();
        for (const value of values) histogram.set(bucketOf(value), (histogram.get(bucketOf(value)) ?? 0) + 1);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
        const found = percentile(histogram, share) as number;
        const bucket = bucketOf(exact);
        // Figures are rounded to a tenth of a millisecond. The first bucket begins at 0, where no factor leads to.
        expect(found).toBeGreaterThanOrEqual((bucket === 0 ? 0 : 1.25 ** (bucket - 1)) - 0.051);
        expect(found).toBeLessThanOrEqual(1.25 ** bucket + 0.051);
      }),
      { examples: [[[1], 0.5]] },
    );
  });
});
