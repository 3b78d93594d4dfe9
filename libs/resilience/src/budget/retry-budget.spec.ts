import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RetryBudget } from './retry-budget.ts';

describe('RetryBudget', () => {
  it('never grants more than its reserve and a tenth of the calls, in any order', () => {
    const step = fc.record({ calls: fc.nat(200), takes: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const budget = new RetryBudget();
        for (const { calls, takes } of steps) {
          budget.calls += calls;
          const before = budget.granted;
          for (let i = 0; i < takes; i++) budget.take();
          expect(budget.granted - before).toBeLessThanOrEqual(20);
          expect(budget.granted).toBeLessThanOrEqual(20 + budget.calls * 0.1 + 1e-6);
        }
      }),
    );
  });

  it('grants a tenth of the calls for ever, once the reserve is spent', () => {
    const budget = new RetryBudget();
    while (budget.take());
    expect(budget.granted).toBe(20);
    for (let call = 0; call < 1_000; call++) {
      budget.calls++;
      budget.take();
    }
    expect(budget.granted).toBe(120);
    expect(budget.refused).toBe(901);
  });

  it('takes back unused repeats, but never holds more than its reserve', () => {
    const budget = new RetryBudget({ reserve: 2 });
    budget.take();
    budget.giveBack();
    expect([budget.available(), budget.granted]).toEqual([2, 0]);
    budget.giveBack();
    expect(budget.available()).toBe(2);
  });

  it('refuses invalid figures', () => {
    expect(() => new RetryBudget({ ratio: 2 })).toThrow(RangeError);
    expect(() => new RetryBudget({ reserve: -1 })).toThrow(RangeError);
  });
});
