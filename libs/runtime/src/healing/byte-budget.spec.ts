import { describe, expect, it } from '@jest/globals';
import { ByteBudget } from './byte-budget.ts';

describe('ByteBudget', () => {
  it('spends its reserve at once, then only the bytes that were added since', () => {
    let now = 0;
    const budget = new ByteBudget({ burst: 1000, bytesPerSecond: 100, now: () => now });
    expect(budget.take(1001)).toBe(false);
    expect(budget.take(1000)).toBe(true);
    expect(budget.take(1)).toBe(false);
    now = 500;
    expect(budget.available()).toBe(50);
    expect(budget.take(51)).toBe(false);
    expect(budget.take(50)).toBe(true);
  });

  it('saves at most its reserve', () => {
    let now = 0;
    const budget = new ByteBudget({ burst: 1000, bytesPerSecond: 100, now: () => now });
    now = 3_600_000;
    expect(budget.available()).toBe(1000);
  });
});
