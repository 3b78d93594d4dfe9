import type { Flavour } from './base-load.ts';
import type { LabelledAnomaly } from './labelled-series.ts';
import type { Random } from './random.ts';

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
/** Candidates learn for 26 hours, then 22 are scored. */
export const SCORED_FROM = 26 * HOUR;
export const LENGTH = 48 * HOUR;
/** A sudden anomaly must be found within this. */
export const FOUND_WITHIN = 3 * MINUTE;

/** A series while it is made. Times are seconds of the series. */
export interface Draft {
  readonly random: Random;
  readonly flavour: Flavour;
  readonly level: number;
  values: Float64Array;
  readonly anomalies: LabelledAnomaly[];
  readonly restarts: number[];
  capacity?: number;
}

/** Multiplies the samples from `begin` up to, and without, `end`. */
export function multiply(draft: Draft, begin: number, end: number, factor: (at: number) => number): void {
  for (let at = begin; at < Math.min(end, LENGTH); at++)
    draft.values[at] = (draft.values[at] as number) * factor(at);
}

/** What only hurts upwards rises; throughput may also break down. */
export function harmfulFactor({ random, flavour }: Draft, low: number, high: number): number {
  const factor = random.between(low, high);
  return flavour.metric === 'throughput' && random.next() < 0.5 ? 1 / factor : factor;
}

/** A labelled anomaly that begins in one second. */
export function sudden(draft: Draft, begin: number, seconds: number, factor: number): void {
  multiply(draft, begin, begin + seconds, () => factor);
  draft.anomalies.push({ begin, end: begin + seconds, foundBy: begin + FOUND_WITHIN });
}

/** Begins of `count` events, apart from one another and from both ends of the scored part. */
export function begins(random: Random, count: number): number[] {
  const part = (LENGTH - SCORED_FROM) / count;
  return Array.from({ length: count }, (_, i) =>
    Math.floor(SCORED_FROM + part * (i + random.between(0.1, 0.5))),
  );
}

/** A new process: a gap of seconds, a slow start, a heap and a pool that fill within minutes. */
export function restart(draft: Draft, at: number): void {
  const { random, flavour, values } = draft;
  draft.restarts.push(at);
  values.fill(Number.NaN, at - random.whole(3, 10), at);
  const warm = random.whole(20, 60);
  const peak = random.between(2, 4);
  const low = random.between(0.4, 0.6);
  if (flavour.metric === 'latency' || flavour.metric === 'usage')
    multiply(draft, at, at + warm, (now) => peak + ((1 - peak) * (now - at)) / warm);
  if (flavour.metric === 'memory' || flavour.metric === 'count')
    multiply(
      draft,
      at,
      at + 20 * MINUTE,
      (now) => low + (1 - low) * (1 - Math.exp((at - now) / (5 * MINUTE))),
    );
}
