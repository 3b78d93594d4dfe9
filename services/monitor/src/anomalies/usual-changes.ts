import { type Pace, SPREAD_FACTOR, TAIL_FACTOR, UNUSUAL_SHARE } from './paces.ts';

const middleOf = (sorted: Float64Array): number => sorted[sorted.length >> 1] ?? 0;

/**
 * Which changes a metric usually makes, in several windows at once. Of each block of steps it keeps the median
 * of the changes and the largest harmful change that was sustained; of a window it
 * takes the median of the medians and the largest but the most unusual. So half of the blocks may be
 * contaminated before the spread moves.
 */
export class UsualChanges {
  readonly #windows: readonly number[];
  readonly #block: Float64Array;
  readonly #medians: Float64Array;
  readonly #largest: Float64Array;
  #inBlock = 0;
  #blockLargest = 0;
  #blocks = 0;
  /** A change beyond this is odd for every window. */
  limit = 0;

  constructor({ windows, blockSteps }: Pace) {
    this.#windows = windows;
    this.#block = new Float64Array(blockSteps);
    const size = Math.max(...windows);
    this.#medians = new Float64Array(size);
    this.#largest = new Float64Array(size);
  }

  /** Complete blocks since the beginning. */
  get blocks(): number {
    return this.#blocks;
  }

  get bytes(): number {
    return this.#block.byteLength + 2 * this.#medians.byteLength;
  }

  /** One step: its change from the level and its sustained harmful change (0 or more). */
  learn(change: number, sustained: number): void {
    this.#block[this.#inBlock++] = Math.abs(change);
    this.#blockLargest = Math.max(this.#blockLargest, sustained);
    if (this.#inBlock === this.#block.length) this.#endBlock();
  }

  #endBlock(): void {
    const at = this.#blocks % this.#medians.length;
    this.#medians[at] = middleOf(this.#block.sort());
    this.#largest[at] = this.#blockLargest;
    this.#blocks++;
    this.#inBlock = 0;
    this.#blockLargest = 0;
    this.limit = Math.max(...this.#windows.map((window) => this.#limitOf(window)));
  }

  #limitOf(window: number): number {
    const spread = middleOf(this.#last(this.#medians, window));
    const largest = this.#last(this.#largest, window);
    const unusual = Math.floor(largest.length * UNUSUAL_SHARE);
    return Math.max(SPREAD_FACTOR * spread, TAIL_FACTOR * (largest[largest.length - 1 - unusual] ?? 0));
  }

  /** The last blocks of a ring, sorted, in a copy that lives for the end of a block only. */
  #last(ring: Float64Array, window: number): Float64Array {
    const count = Math.min(window, this.#blocks);
    const copy = new Float64Array(count);
    for (let back = 1; back <= count; back++)
      copy[back - 1] = ring[(this.#blocks - back) % ring.length] as number;
    return copy.sort();
  }
}
