export interface LimiterStats {
  /** The number of requests in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Requests that were sent within the last window. */
  readonly used: number;
  readonly remaining: number;
  /** Milliseconds until a further request may be sent; 0 when one may be sent now. */
  readonly waitMs: number;
}

/**
 * Permits at most `limit` requests within any `windowMs`: each request is remembered, so that no edge between
 * two windows permits more.
 */
export class SlidingLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #sentAt: number[] = [];

  /** `now`: milliseconds of a monotonic clock. */
  constructor(limit: number, windowMs: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /**
   * Returns 0 when the request is counted and may be sent. Otherwise returns the milliseconds to wait, and
   * counts nothing.
   */
  take(): number {
    const { waitMs } = this.stats();
    if (waitMs === 0) this.#sentAt.push(this.#now());
    return waitMs;
  }

  stats(): LimiterStats {
    const now = this.#now();
    while (this.#sentAt.length > 0 && now - this.#sentAt[0]! >= this.#windowMs) this.#sentAt.shift();
    const used = this.#sentAt.length;
    const remaining = Math.max(0, this.#limit - used);
    const waitMs = remaining > 0 ? 0 : Math.max(1, Math.ceil(this.#sentAt[0]! + this.#windowMs - now));
    return { limit: this.#limit, windowMs: this.#windowMs, used, remaining, waitMs };
  }
}
