import { describe, expect, it } from '@jest/globals';
import { quantile } from './quantile.ts';

const bounds = [1, 2, 4];
const of = (counts: number[], q: number) => quantile(bounds, Float64Array.from(counts), q);

describe('quantile', () => {
  it('lies within the bucket of its rank, as far as its share of the observations', () => {
    expect(of([0, 100, 0, 0], 0.5)).toBe(1.5);
    expect(of([50, 50, 0, 0], 0.5)).toBe(1);
    expect(of([90, 0, 10, 0], 0.95)).toBe(3);
    expect(of([100, 0, 0, 0], 0.99)).toBe(0.99);
  });

  it('is the last bound for what is above all of them, and nothing for nothing', () => {
    expect(of([1, 0, 0, 99], 0.5)).toBe(4);
    expect(of([0, 0, 0, 0], 0.5)).toBeNaN();
  });
});
