import { METRIC_STEP_MS, METRICS_KEPT_MS } from '@gridworks/contracts';

/** Steps of a block: an hour. */
const BLOCK_STEPS = 3_600_000 / METRIC_STEP_MS;
/** One more than the hours that are kept: the block of this hour is not full yet. */
const BLOCKS = METRICS_KEPT_MS / 3_600_000 + 1;

interface Block {
  /** Which block it is since the epoch. */
  number: number;
  readonly values: Float32Array;
}

/**
 * One value for each step of 10 s of the last 24 hours. Costs 1,440 bytes for each of its hours with a value, so 36,000
 * bytes at most; an hour's block is reused 25 hours later. A value keeps 24 bits: seven digits.
 */
export class StepRing {
  /** No more steps than these are kept. */
  static readonly STEPS = BLOCKS * BLOCK_STEPS;
  /** The most that one ring takes, bytes. */
  static readonly BYTES = StepRing.STEPS * Float32Array.BYTES_PER_ELEMENT;
  readonly #blocks: (Block | undefined)[] = [];

  /** Bytes in use now. */
  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + (block?.values.byteLength ?? 0), 0);
  }

  /** Stores the value of a step, numbered from the epoch. A step older than what its block holds now is left out. */
  put(step: number, value: number): void {
    const number = Math.floor(step / BLOCK_STEPS);
    const block = this.#blockFor(number);
    if (block.number === number) block.values[step - number * BLOCK_STEPS] = value;
  }

  /** The value of a step; NaN when there is none. */
  at(step: number): number {
    const number = Math.floor(step / BLOCK_STEPS);
    const block = this.#blocks[number % BLOCKS];
    return block?.number === number ? (block.values[step - number * BLOCK_STEPS] as number) : Number.NaN;
  }

  #blockFor(number: number): Block {
    const place = number % BLOCKS;
    const block = this.#blocks[place];
    if (!block) {
      const made = { number, values: new Float32Array(BLOCK_STEPS).fill(Number.NaN) };
      this.#blocks[place] = made;
      return made;
    }
    if (block.number < number) {
      block.number = number;
      block.values.fill(Number.NaN);
    }
    return block;
  }
}
