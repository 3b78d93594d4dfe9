import { METRIC_STEP_MS } from '@gridworks/contracts';
import { StepRing } from './step-ring.ts';

/** The digits that a value of the ring has. */
const DIGITS = 7;

/** How the samples of a step become its value. */
export type Fold = 'mean' | 'max' | 'min';

/** Folds values one by one. */
class Folding {
  readonly #fold: Fold;
  #count = 0;
  #value = 0;

  constructor(fold: Fold) {
    this.#fold = fold;
  }

  add(value: number): void {
    if (this.#count++ === 0) this.#value = value;
    else if (this.#fold === 'mean') this.#value += value;
    else this.#value = Math[this.#fold](this.#value, value);
  }

  /** The value of all since the last call; NaN when there were none. */
  take(): number {
    const count = this.#count;
    this.#count = 0;
    if (count === 0) return Number.NaN;
    return this.#fold === 'mean' ? this.#value / count : this.#value;
  }
}

/**
 * The history of one metric of one component: samples, folded into steps of 10 s. Takes 36 kB when it is a day old; see
 * `StepRing`. Unlike the steps of the anomaly detector, which are medians, these keep what hurts: see `METRICS`. Reads no
 * clock: times are ms since the epoch.
 */
export class MetricSeries {
  readonly #fold: Fold;
  readonly #ring = new StepRing();
  readonly #folding: Folding;
  /** The step that is being filled. */
  #step = Number.NEGATIVE_INFINITY;
  #last: { readonly at: number; readonly value: number } | null = null;

  constructor(fold: Fold) {
    this.#fold = fold;
    this.#folding = new Folding(fold);
  }

  /** The latest sample. */
  get last(): { readonly at: number; readonly value: number } | null {
    return this.#last;
  }

  get bytes(): number {
    return this.#ring.bytes;
  }

  /**
   * One sample in the unit of the metric. What is no finite number, or belongs to a step before the latest, since the clock
   * was set back, is left out.
   */
  add(value: number, at: number): void {
    const step = Math.floor(at / METRIC_STEP_MS);
    if (!Number.isFinite(value) || step < this.#step) return;
    if (step > this.#step) this.#endStep(step);
    this.#folding.add(value);
    this.#last = { at, value };
  }

  /**
   * The values from `start` to `end`, exclusive, in steps of `ms`: all multiples of 10 s. A step that has not ended is left
   * out, as is a step without a sample: both are null. A longer step is folded from its steps of 10 s. Looks at 9,000 steps at
   * most, however long the range is.
   */
  read({ start, end, ms }: { start: number; end: number; ms: number }, now: number): (number | null)[] {
    const present = Math.floor(now / METRIC_STEP_MS);
    if (present > this.#step) this.#endStep(present);
    const oldest = present - StepRing.STEPS;
    const folding = new Folding(this.#fold);
    const values: (number | null)[] = [];
    for (let at = start; at < end; at += ms) {
      const first = at / METRIC_STEP_MS;
      const after = Math.min(present, first + ms / METRIC_STEP_MS);
      for (let step = Math.max(first, oldest); step < after; step++) {
        const value = this.#ring.at(step);
        if (!Number.isNaN(value)) folding.add(value);
      }
      const value = folding.take();
      values.push(Number.isNaN(value) ? null : Number(value.toPrecision(DIGITS)));
    }
    return values;
  }

  #endStep(next: number): void {
    const value = this.#folding.take();
    if (!Number.isNaN(value)) this.#ring.put(this.#step, value);
    this.#step = next;
  }
}
