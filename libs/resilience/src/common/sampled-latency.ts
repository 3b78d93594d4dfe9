/** Milliseconds; the last bucket takes all higher values. */
const LATENCY_BOUNDS_MS = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000,
] as const;

/**
 * The latency of calls, sampled from one call in 64: reading the clock twice per call would cost more than
 * the guards.
 */
export class SampledLatency {
  readonly counts = new Uint32Array(LATENCY_BOUNDS_MS.length + 1);
  samples = 0;
  sumMs = 0;

  record(ms: number): void {
    this.samples++;
    this.sumMs += ms;
    let i = 0;
    while (i < LATENCY_BOUNDS_MS.length && ms > (LATENCY_BOUNDS_MS[i] as number)) i++;
    this.counts[i] = (this.counts[i] as number) + 1;
  }

  /** Upper bound of the bucket in which this share (0..1) of the samples ends; null without samples. */
  quantile(share: number): number | null {
    if (this.samples === 0) return null;
    let seen = 0;
    for (let i = 0; i < this.counts.length; i++) {
      seen += this.counts[i] as number;
      if (seen >= share * this.samples) return LATENCY_BOUNDS_MS[i] ?? Number.POSITIVE_INFINITY;
    }
    return Number.POSITIVE_INFINITY;
  }
}
