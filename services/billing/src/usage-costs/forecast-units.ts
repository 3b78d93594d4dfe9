/** What is known of one metric until now. */
export interface PaceOfUnits {
  /** Units of the period so far. */
  readonly used: number;
  /** Units of each whole day before today, oldest first, from the first day with a unit on. */
  readonly days: readonly number[];
  /** Units of today, and how much of the day has passed, 0 to 1. */
  readonly today: number;
  readonly passed: number;
  /** Days until the period ends, with a fraction. */
  readonly daysLeft: number;
}

export interface UnitsForecast {
  readonly forecast: number;
  readonly low: number;
  readonly high: number;
}

/** A week has each weekday once. */
const PACE_DAYS = 7;
/** With fewer whole days nothing is known of how days differ. */
export const LEAST_DAYS = 3;
/** 80 % of a normal distribution are within so many standard deviations. */
const DEVIATIONS = 1.28;
/** An hour: the pace of a shorter time says nothing. */
const LEAST_PASSED = 1 / 24;

/**
 * The units by the end of a period: `used + pace * days left`, where the pace is the average of the last seven whole days, or of those that
 * there are; of today before the first one. Days are taken as independent of each other, so the sum of the days left differs by
 * the deviation of one day times the square root of their number. A trend and a season are not looked for.
 */
export function forecastUnits({ used, days, today, passed, daysLeft }: PaceOfUnits): UnitsForecast {
  const recent = days.slice(-PACE_DAYS);
  const pace = recent.length > 0 ? meanOf(recent) : today / Math.max(passed, LEAST_PASSED);
  const more = pace * daysLeft;
  if (days.length < LEAST_DAYS)
    return { forecast: Math.round(used + more), low: used, high: Math.round(used + 2 * more) };
  const spread = DEVIATIONS * deviationOf(days) * Math.sqrt(daysLeft);
  return {
    forecast: Math.round(used + more),
    low: Math.round(used + Math.max(0, more - spread)),
    high: Math.round(used + more + spread),
  };
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The standard deviation of a sample. */
function deviationOf(numbers: readonly number[]): number {
  const mean = meanOf(numbers);
  return Math.sqrt(numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / (numbers.length - 1));
}
