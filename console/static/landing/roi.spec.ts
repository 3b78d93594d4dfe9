import { describe, expect, it } from '@jest/globals';
import { MINUTES_A_MONTH, savings } from './roi.ts';

const figures = {
  callsPerMonth: 432_000,
  costOfFailedCall: 0.5,
  outageMinutesPerMonth: 30,
  healedShare: 0.9,
};

describe('what healing saves', () => {
  it('follows the formula', () => {
    // 10 calls a minute for 30 minutes are 300 calls; 300 x 0.50 x 0.9 x 12
    expect(savings(figures)).toEqual({ failedCallsPerMonth: 300, savedPerYear: 1620 });
  });

  it('counts invalid figures as 0', () => {
    for (const junk of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      expect(savings({ ...figures, costOfFailedCall: junk }).savedPerYear).toBe(0);
  });

  it('limits the minutes to those of a month, and the share to 1', () => {
    expect(savings({ ...figures, outageMinutesPerMonth: 1e9 }).failedCallsPerMonth).toBe(432_000);
    expect(savings({ ...figures, healedShare: 7 }).savedPerYear).toBe(1800);
    expect(MINUTES_A_MONTH).toBe(43_200);
  });
});
