export interface RateLimitOptions {
  /** Calls per second, on average. */
  readonly perSecond: number;
  /** Calls that may come at once after a pause. Default: those of one second. */
  readonly burst?: number;
}

/** A token bucket without a timer. */
export class CallRateLimiter {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  constructor(options: RateLimitOptions, now: () => number = () => performance.now()) {
    const burst = options.burst ?? Math.max(1, options.perSecond);
    if (!(options.perSecond > 0) || !(burst >= 1))
      throw new RangeError('rateLimit: perSecond must be above 0, burst at least 1');
    this.#perMs = options.perSecond / 1_000;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#at = now();
  }

  /** 0: the call may go. Above 0: milliseconds until the next call may go; nothing is taken. */
  take(): number {
    const now = this.#now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMs));
  }
}
