import type { MetricKind } from './metric-kinds.ts';
import { END_SCORE, LEVEL_STEPS, type Pace, SMOOTH_STEPS, SUSTAIN_STEPS } from './paces.ts';
import { SlidingMedian } from './sliding-median.ts';
import { UsualChanges } from './usual-changes.ts';

/** A score is cut here: beyond it, more says nothing. */
const HIGHEST_SCORE = 99;

/**
 * What a metric usually does, at one pace. "Now" (the median of 3 steps) is compared with the level before it
 * (the median of 30), and the change with the changes that the metric usually makes. A daily cycle changes
 * little within a step of its own, so that it needs no calendar.
 */
export class Baseline {
  readonly #kind: MetricKind;
  readonly #pace: Pace;
  readonly #now = new SlidingMedian(SMOOTH_STEPS);
  readonly #level = new SlidingMedian(LEVEL_STEPS);
  readonly #usual: UsualChanges;
  /** The latest changes, from which the sustained one is taken. */
  readonly #changes = new Float64Array(SUSTAIN_STEPS);
  #changeCount = 0;
  #lastStepAt = Number.NEGATIVE_INFINITY;
  #calmSteps = 0;
  anomalous = false;
  /** Sustained harmful change over the limit: 1 and more is odd. */
  score = 0;

  constructor(kind: MetricKind, pace: Pace) {
    this.#kind = kind;
    this.#pace = pace;
    this.#usual = new UsualChanges(pace);
  }

  /** Enough was seen to judge. */
  get judges(): boolean {
    return this.#level.full && this.#usual.blocks >= this.#pace.learnBlocks;
  }

  get bytes(): number {
    return this.#now.bytes + this.#level.bytes + this.#usual.bytes + this.#changes.byteLength;
  }

  /** The values that would not be odd now, null while nothing is known. */
  get expected(): readonly [number, number] | null {
    const level = this.#level.median;
    if (!this.judges) return null;
    const limit = this.#limit(level);
    return [level - limit, level + limit];
  }

  get value(): number {
    return this.#now.median;
  }

  /** One step. `frozen`: the metric is odd at some pace, so that neither level nor changes are learned. */
  step(value: number, at: number, frozen: boolean): void {
    if (at - this.#lastStepAt > this.#pace.forgetAfterMs) this.forgetLevel();
    this.#lastStepAt = at;
    const past = this.#now.push(value);
    if (past !== undefined && !frozen) this.#level.push(past);
    if (!this.#level.full) return;
    const level = this.#level.median;
    const change = this.#now.median - level;
    this.#changes[this.#changeCount++ % SUSTAIN_STEPS] = change;
    const sustained = this.#changeCount < SUSTAIN_STEPS ? 0 : this.#sustained();
    const limit = this.#limit(level);
    this.score = limit > 0 ? Math.min(sustained / limit, HIGHEST_SCORE) : sustained > 0 ? HIGHEST_SCORE : 0;
    if (this.judges) this.#judge();
    if (!frozen && !this.anomalous) this.#usual.learn(change, sustained);
  }

  /** The next steps are the new level. */
  forgetLevel(): void {
    this.forgetNow();
    this.#level.clear();
  }

  /** What went on is over, as with a new process. When it goes on, the next steps show it. */
  forgetNow(): void {
    this.#now.clear();
    this.#changeCount = 0;
    this.#calmSteps = 0;
    this.anomalous = false;
    this.score = 0;
  }

  #limit(level: number): number {
    const { leastChange, leastShare } = this.#kind;
    return Math.max(this.#usual.limit, leastChange, leastShare * Math.abs(level));
  }

  /** The smallest harmful change of the last steps: 0 when one of them was not harmful. */
  #sustained(): number {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const change of this.#changes) {
      if (change < least) least = change;
      if (change > most) most = change;
    }
    const { harmful } = this.#kind;
    return Math.max(0, harmful === 'down' ? 0 : least, harmful === 'up' ? 0 : -most);
  }

  #judge(): void {
    if (this.score >= 1) this.anomalous = true;
    this.#calmSteps = this.score < END_SCORE ? this.#calmSteps + 1 : 0;
    if (this.#calmSteps >= this.#pace.endSteps) this.anomalous = false;
  }
}
