import { STEP_SAMPLES } from './paces.ts';

/** Sorts the first `count` values in place by insertion: for so few, several times faster than `sort()`. */
function sortFew(values: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const value = values[i] as number;
    let place = i - 1;
    for (; place >= 0 && (values[place] as number) > value; place--)
      values[place + 1] = values[place] as number;
    values[place + 1] = value;
  }
}

/** Folds samples into steps of a fixed length on the clock of the samples: each step is the median of its samples. */
export class StepFolder {
  readonly #stepMs: number;
  readonly #samples = new Float64Array(STEP_SAMPLES);
  #count = 0;
  /** End of the step, ms; the first sample begins one. */
  #endsAt = Number.NEGATIVE_INFINITY;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  get bytes(): number {
    return this.#samples.byteLength;
  }

  /** Moves to the step of `at`. Returns the median of the step that ended, undefined when none did or it was empty. */
  advance(at: number): number | undefined {
    if (at < this.#endsAt) return undefined;
    this.#endsAt = (Math.floor(at / this.#stepMs) + 1) * this.#stepMs;
    const count = Math.min(this.#count, STEP_SAMPLES);
    if (count === 0) return undefined;
    this.#count = 0;
    sortFew(this.#samples, count);
    return this.#samples[(count - 1) >> 1];
  }

  add(value: number): void {
    this.#samples[this.#count++ % STEP_SAMPLES] = value;
  }

  clear(): void {
    this.#count = 0;
  }
}
