/** The figures that a visitor enters about his traffic. */
export interface OutageFigures {
  readonly callsPerMonth: number;
  /** The cost of one failed call, in the unit of the result. */
  readonly costOfFailedCall: number;
  readonly outageMinutesPerMonth: number;
  /** The share of these minutes that healing removes, 0 to 1. */
  readonly healedShare: number;
}

/** Minutes of a month of 30 days. */
export const MINUTES_A_MONTH = 30 * 24 * 60;

export interface Savings {
  /** Failed calls in a month, with even traffic. */
  readonly failedCallsPerMonth: number;
  /** The savings in the unit of `costOfFailedCall`. */
  readonly savedPerYear: number;
}

/**
 * saved a year = calls a month / 43,200 x minutes of outage x cost of a failed call x healed share x 12.
 * Negative figures and figures that are no numbers count as 0; minutes of outage are limited to those of a
 * month.
 */
export function savings(figures: OutageFigures): Savings {
  const calls = positive(figures.callsPerMonth);
  const minutes = Math.min(positive(figures.outageMinutesPerMonth), MINUTES_A_MONTH);
  const share = Math.min(positive(figures.healedShare), 1);
  const failedCallsPerMonth = (calls * minutes) / MINUTES_A_MONTH;
  return {
    failedCallsPerMonth,
    savedPerYear: failedCallsPerMonth * positive(figures.costOfFailedCall) * share * 12,
  };
}

const positive = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);
