import { LATENCY_GROWTH } from '../usage/record-usage.sql.ts';

/** Calls by bucket of the latency histogram. */
export type Histogram = ReadonlyMap<number, number>;

/**
 * The value below which the given share of the calls stayed, in ms; null without calls. Calls count as evenly
 * spread within a bucket, as in Prometheus' `histogram_quantile`: the figure is in the bucket of the exact value, whose bounds are a
 * quarter apart; those of the first one are 0 and 1 ms.
 */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, calls]) => sum + calls, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [bucket, calls] of buckets) {
    if (below + calls >= share * total) {
      const lower = bucket === 0 ? 0 : LATENCY_GROWTH ** (bucket - 1);
      const upper = LATENCY_GROWTH ** bucket;
      return Math.round((lower + ((share * total - below) / calls) * (upper - lower)) * 10) / 10;
    }
    below += calls;
  }
  return null;
}
