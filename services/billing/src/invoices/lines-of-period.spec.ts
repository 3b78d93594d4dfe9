import { describe, expect, it } from '@jest/globals';
import { planOf } from '../plans/plan.ts';
import { linesOfPeriod } from './lines-of-period.ts';

const november = { month: '2026-11', locale: 'en-IE' };

describe('linesOfPeriod', () => {
  it('is the price of the plan while the included calls are enough', () => {
    expect(linesOfPeriod(planOf('growth'), 500_000n, november)).toEqual([
      {
        ...{ description: 'Plan Growth, November 2026', detail: null, quantity: 1n },
        ...{ unitAmount: '4900', amount: 4900n },
      },
    ]);
  });

  it('adds the calls above, rounded once', () => {
    expect(linesOfPeriod(planOf('growth'), 1_234_567n, { ...november, detail: 'SAC 998315' })).toMatchObject([
      { description: 'Plan Growth, November 2026', amount: 4900n },
      {
        ...{ description: 'Calls above the included 500,000, November 2026', detail: 'SAC 998315' },
        ...{ quantity: 734_567n, unitAmount: '0.012', amount: 8815n },
      },
    ]);
  });

  it('is nothing with the free plan and few calls', () => {
    expect(linesOfPeriod(planOf(null), 10_000n, november)).toEqual([]);
  });
});
