const DAY_MS = 86_400_000;
/** Number of whole days that the pace is averaged over: a week has each weekday once. */
export const PACE_DAYS = 7;

export interface PaceOfUse {
  /** Live calls of the period so far. */
  readonly used: number;
  readonly included: number;
  /** Live calls of the last seven whole days, together. */
  readonly lastDays: number;
  /** Live calls of today so far. */
  readonly today: number;
  /** The time of the first call; null before it. */
  readonly firstCallAt: Date | null;
}

export interface Forecast {
  readonly calls: number;
  /** `YYYY-MM-DD`, UTC; null when the included calls last until the period's end. */
  readonly usedUpOn: string | null;
}

/**
 * The forecast for the end of the period at the present pace: `used + pace * days left`. The pace is the
 * average of the last seven whole days (UTC), or of the whole days since the first call when there are fewer.
 * Before the first whole day has passed, the pace is that of today since the first call, over at least an
 * hour. A straight line ignores seasons: good enough to decide about an upgrade, not for a budget.
 */
export function forecastUsage(pace: PaceOfUse, periodEnd: Date, now: Date): Forecast {
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const perDay = callsADay(pace, midnight, now.getTime());
  const daysLeft = Math.max(0, (periodEnd.getTime() - now.getTime()) / DAY_MS);
  const calls = Math.round(pace.used + perDay * daysLeft);
  if (calls <= pace.included) return { calls, usedUpOn: null };
  const days = pace.used >= pace.included ? 0 : (pace.included - pace.used) / perDay;
  return { calls, usedUpOn: new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10) };
}

function callsADay({ lastDays, today, firstCallAt }: PaceOfUse, midnight: number, now: number): number {
  if (!firstCallAt) return 0;
  const wholeDays = Math.min(PACE_DAYS, Math.ceil((midnight - firstCallAt.getTime()) / DAY_MS));
  if (wholeDays > 0) return lastDays / wholeDays;
  const passed = Math.max(now - Math.max(midnight, firstCallAt.getTime()), DAY_MS / 24);
  return today / (passed / DAY_MS);
}
