import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlidingMedian } from './sliding-median.ts';

describe('SlidingMedian', () => {
  it('has the median of the last values, and returns the value that left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))),
        (size, values) => {
          const sliding = new SlidingMedian(size);
          values.forEach((value, i) => {
            expect(sliding.push(value)).toBe(values[i - size]);
            const sorted = values.slice(Math.max(0, i + 1 - size), i + 1).sort((a, b) => a - b);
            const half = sorted.length >> 1;
            const upper = sorted[half] as number;
            const expected = sorted.length % 2 ? upper : (upper + (sorted[half - 1] as number)) / 2;
            expect(sliding.median + 0).toBe(expected + 0);
            expect(sliding.full).toBe(i + 1 >= size);
          });
        },
      ),
    );
  });

  it('has no median without a value, also after it was cleared', () => {
    const sliding = new SlidingMedian(3);
    expect(sliding.median).toBeNaN();
    for (const value of [4, 5, 6, 7]) sliding.push(value);
    sliding.clear();
    expect(sliding.median).toBeNaN();
    expect(sliding.push(1)).toBeUndefined();
    expect(sliding.median).toBe(1);
  });
});
