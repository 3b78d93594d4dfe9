/**
 * The quantile `q` (0 to 1) of a histogram, in the unit of its bounds, as Prometheus' `histogram_quantile` estimates it:
 * observations lie evenly within their bucket, and what is above all bounds counts as the last of them. NaN when
 * nothing was observed.
 *
 * @param bounds upper bounds of the buckets, ascending, above 0
 * @param counts observations of each bucket, not summed up; one element more than `bounds`
 */
export function quantile(bounds: readonly number[], counts: Float64Array, q: number): number {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return Number.NaN;
  const rank = q * total;
  let below = 0;
  for (let at = 0; at < bounds.length; at++) {
    const count = counts[at]!;
    if (count > 0 && below + count >= rank) {
      const lower = at === 0 ? 0 : bounds[at - 1]!;
      return lower + ((bounds[at]! - lower) * (rank - below)) / count;
    }
    below += count;
  }
  return bounds[bounds.length - 1]!;
}
