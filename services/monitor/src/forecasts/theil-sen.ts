/** A line through points, and how well they lie on it. */
export interface Line {
  /** Change for one unit of x. */
  readonly slope: number;
  /** 1: every later point is higher; 0: as many pairs fall as rise (Kendall's tau, at least 0). */
  readonly agreement: number;
  /** Robust deviation of the points from the line (1.4826 x MAD), in the unit of y. */
  readonly spread: number;
}

const middle = (sorted: Float64Array): number => {
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 ? upper : (upper + (sorted[half - 1] as number)) / 2;
};

/** The middle value; NaN for none. */
export const median = (figures: readonly number[]): number => middle(new Float64Array(figures).sort());

/**
 * The line of Theil and Sen: the median of the slopes of all pairs, so that 29 % of the points may be wrong.
 * `x` rises strictly; both have the same length, at least 2. O(n² log n).
 */
export function fitLine(x: readonly number[], y: readonly number[]): Line {
  const count = x.length;
  const slopes = new Float64Array((count * (count - 1)) / 2);
  let at = 0;
  let rising = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const slope = ((y[j] as number) - (y[i] as number)) / ((x[j] as number) - (x[i] as number));
      slopes[at++] = slope;
      rising += Math.sign(slope);
    }
  }
  const slope = middle(slopes.sort());
  const flattened = new Float64Array(count);
  for (let i = 0; i < count; i++)
    flattened[i] = (y[i] as number) - slope * ((x[i] as number) - (x[0] as number));
  const level = middle(flattened.sort());
  const spread = 1.4826 * middle(flattened.map((one) => Math.abs(one - level)).sort());
  return { slope, agreement: Math.max(0, rising / slopes.length), spread };
}
