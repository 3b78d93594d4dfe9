/** The wait before a process that ended is started again. */
export interface BackoffOptions {
  /** Wait after the first exit, ms. */
  readonly firstMs: number;
  /** Longest wait, ms. */
  readonly maxMs: number;
  /** After running this long, a process counts as healthy again: the next exit waits `firstMs`. */
  readonly soundAfterMs: number;
}

const RESTART_BACKOFF: BackoffOptions = { firstMs: 100, maxMs: 5_000, soundAfterMs: 10_000 };

/**
 * Exponential backoff without jitter: one supervisor restarts one process, so no restarts need to be spread.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #exits = 0;

  constructor(options: BackoffOptions = RESTART_BACKOFF) {
    this.#options = options;
  }

  /** The wait in ms after an exit, given how long the process had run. */
  next(ranMs: number): number {
    if (ranMs >= this.#options.soundAfterMs) this.#exits = 0;
    const wait = this.#options.firstMs * 2 ** this.#exits;
    if (wait < this.#options.maxMs) this.#exits++;
    return Math.min(wait, this.#options.maxMs);
  }

  /** Resets the backoff after a deliberate restart. */
  reset(): void {
    this.#exits = 0;
  }
}
