/**
 * Calls of one key that begin within a window become one call: the later calls get the promise of the first.
 */
export class CallMerger {
  merged = 0;
  readonly windowMs: number;
  readonly #maxKeys: number;
  /** In the order of their start, so that expired calls are always at the front. */
  readonly #calls = new Map<string, { promise: Promise<unknown>; at: number }>();
  readonly #now: () => number;

  constructor(windowMs: number, maxKeys = 10_000, now: () => number = () => performance.now()) {
    this.windowMs = windowMs;
    this.#maxKeys = maxKeys;
    this.#now = now;
  }

  get size(): number {
    return this.#calls.size;
  }

  run(key: string, call: () => Promise<unknown>): Promise<unknown> {
    const now = this.#now();
    for (const [old, { at }] of this.#calls) {
      if (now - at < this.windowMs && this.#calls.size < this.#maxKeys) break;
      this.#calls.delete(old);
    }
    const running = this.#calls.get(key);
    if (running) {
      this.merged++;
      return running.promise;
    }
    const promise = call();
    this.#calls.set(key, { promise, at: now });
    return promise;
  }
}
