import { type Pace, SPREAD_FACTOR, TAIL_FACTOR, UNUSUAL_SHARE } from './paces.ts';

const middleOf = (sorted: Float64Array): number => sorted[sorted.length >> 1] ?? 0;

/**
 * Which changes a metric usually makes, in several windows at once. Of each block of steps it keeps the median
 * of the changes, the largest harmful change that was sustained, and the range of the levels; of a window it
 * takes the median of the medians and the largest but the most unusual. So half of the blocks may be
 * contaminated before the spread moves.
 */
export class UsualChanges {
  readonly #windows: readonly number[];
  readonly #block: Float64Array;
  readonly #medians: Float64Array;
  readonly #largest: Float64Array;
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  #inBlock = 0;
  #blockLargest = 0;
  #blockLowest = Number.POSITIVE_INFINITY;
  #blockHighest = Number.NEGATIVE_INFINITY;
  #blocks = 0;
  /** A change beyond this is odd for every window. */
  limit = 0;
  /** The lowest and the highest level of the longest window. */
  range: readonly [number, number] = [0, 0];

  constructor({ windows, blockSteps }: Pace) {
    this.#windows = windows;
    this.#block = new Float64Array(blockSteps);
    const size = Math.max(...windows);
    this.#medians = new Float64Array(size);
    this.#largest = new Float64Array(size);
    this.#lowest = new Float64Array(size);
    this.#highest = new Float64Array(size);
  }

  /** Complete blocks since the beginning. */
  get blocks(): number {
    return this.#blocks;
  }

  get bytes(): number {
    return this.#block.byteLength + 4 * this.#medians.byteLength;
  }

  /** One step: its change from the level, its sustained harmful change (0 or more), and the level. */
  learn(change: number, sustained: number, level: number): void {
    this.#block[this.#inBlock++] = Math.abs(change);
    this.#blockLargest = Math.max(this.#blockLargest, sustained);
    this.#blockLowest = Math.min(this.#blockLowest, level);
    this.#blockHighest = Math.max(this.#blockHighest, level);
    if (this.#inBlock === this.#block.length) this.#endBlock();
  }

  #endBlock(): void {
    const at = this.#blocks % this.#medians.length;
    this.#medians[at] = middleOf(this.#block.sort());
    this.#largest[at] = this.#blockLargest;
    this.#lowest[at] = this.#blockLowest;
    this.#highest[at] = this.#blockHighest;
    this.#blocks++;
    this.#inBlock = 0;
    this.#blockLargest = 0;
    this.#blockLowest = Number.POSITIVE_INFINITY;
    this.#blockHighest = Number.NEGATIVE_INFINITY;
    this.limit = Math.max(...this.#windows.map((window) => this.#limitOf(window)));
    const known = Math.min(this.#blocks, this.#lowest.length);
    this.range = [
      this.#lowest.subarray(0, known).reduce((low, one) => Math.min(low, one)),
      this.#highest.subarray(0, known).reduce((high, one) => Math.max(high, one)),
    ];
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
