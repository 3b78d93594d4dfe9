/** What somebody says of his traffic. */
export interface OutageFigures {
  readonly callsPerMonth: number;
  /** What one call that fails costs him, in the unit that the result has. */
  readonly costOfFailedCall: number;
  readonly outageMinutesPerMonth: number;
  /** The share of these minutes that healing takes away, 0 to 1. */
  readonly healedShare: number;
}

/** Minutes of a month of 30 days. */
export const MINUTES_A_MONTH = 30 * 24 * 60;

export interface Savings {
  /** Calls that fail in a month, when traffic is even. */
  readonly failedCallsPerMonth: number;
  /** In the unit of `costOfFailedCall`. */
  readonly savedPerYear: number;
}

/**
 * saved a year = calls a month / 43,200 x minutes of outage x cost of a failed call x healed share x 12.
 * Figures that are negative or no numbers count as 0; there are no more minutes of outage than a month has.
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
