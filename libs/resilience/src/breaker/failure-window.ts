/**
 * The recent calls, and how many of them failed. Remembering a call costs one store; only failures have a
 * time, because only the age of failures matters.
 */
export class FailureWindow {
  readonly size: number;
  readonly maxAgeMs: number;
  readonly #failedAt: Float64Array;
  #cursor = 0;
  #filled = 0;
  #failures = 0;

  /** `size`: number of calls remembered; `maxAgeMs`: for how long a failure counts. */
  constructor(size: number, maxAgeMs: number) {
    this.size = size;
    this.maxAgeMs = maxAgeMs;
    this.#failedAt = new Float64Array(size);
  }

  succeeded(): void {
    this.#remember(0);
  }

  /** `now` in milliseconds, greater than 0. */
  failed(now: number): void {
    this.#remember(now);
  }

  get calls(): number {
    return this.#filled;
  }

  /**
   * Whether more than `share` of the remembered calls failed recently. False below `minimum` calls. Checks
   * single calls only when enough of them failed at any time.
   */
  exceeds(share: number, minimum: number, now: number): boolean {
    const calls = this.#filled;
    if (calls < minimum || this.#failures <= calls * share) return false;
    const oldest = now - this.maxAgeMs;
    let recent = 0;
    for (let i = 0; i < calls; i++) {
      const failedAt = this.#failedAt[i] as number;
      if (failedAt !== 0 && failedAt > oldest) recent++;
    }
    return recent > calls * share;
  }

  clear(): void {
    this.#failedAt.fill(0);
    this.#cursor = this.#filled = this.#failures = 0;
  }

  #remember(failedAt: number): void {
    const cursor = this.#cursor;
    if (this.#failedAt[cursor] !== 0) this.#failures--;
    if (failedAt !== 0) this.#failures++;
    this.#failedAt[cursor] = failedAt;
    this.#cursor = cursor + 1 === this.size ? 0 : cursor + 1;
    if (this.#filled < this.size) this.#filled++;
  }
}
