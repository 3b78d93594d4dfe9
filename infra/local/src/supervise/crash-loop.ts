/**
 * Distinguishes a process that cannot run from one that failed once: so many exits of its own within so long.
 */
export class CrashLoop {
  readonly #exits: number;
  readonly #withinMs: number;
  #times: number[] = [];

  constructor(options: { exits: number; withinMs: number } = { exits: 5, withinMs: 30_000 }) {
    this.#exits = options.exits;
    this.#withinMs = options.withinMs;
  }

  /** Records an exit at `now` (ms); true when the process is in a crash loop. */
  record(now: number): boolean {
    this.#times = [...this.#times.filter((time) => now - time < this.#withinMs), now];
    return this.#times.length >= this.#exits;
  }

  reset(): void {
    this.#times = [];
  }
}
