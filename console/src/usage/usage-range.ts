const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export const RANGES = {
  '24h': { label: '24 hours', step: 'hour', ms: DAY_MS },
  '7d': { label: '7 days', step: 'day', ms: 7 * DAY_MS },
  '30d': { label: '30 days', step: 'day', ms: 30 * DAY_MS },
  '90d': { label: '90 days', step: 'day', ms: 90 * DAY_MS },
} as const;
export type RangeName = keyof typeof RANGES;

export interface Range {
  /** RFC 3339 moments, on whole steps, UTC. `to` is not included. */
  readonly from: string;
  readonly to: string;
  readonly step: 'hour' | 'day';
}

/**
 * The range that ends with the present step. Its value is constant within a step, so that it can be part of a
 * query key.
 */
export function rangeOf(name: RangeName, now: number): Range {
  const { step, ms } = RANGES[name];
  const size = step === 'hour' ? HOUR_MS : DAY_MS;
  const to = Math.ceil((now + 1) / size) * size;
  return { from: new Date(to - ms).toISOString(), to: new Date(to).toISOString(), step };
}

/** The share of calls with an error, from sums by status class. */
export function errorShare(
  series: readonly { readonly value: string; readonly total_calls: number }[],
): number | null {
  const total = series.reduce((sum, { total_calls }) => sum + total_calls, 0);
  if (total === 0) return null;
  const failed = series
    .filter(({ value }) => Number(value) >= 400)
    .reduce((sum, { total_calls }) => sum + total_calls, 0);
  return failed / total;
}
