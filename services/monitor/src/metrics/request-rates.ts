import { CounterRate } from '../anomalies/counter-rate.ts';

/** Half the time between two pulses, ms. */
const LEAST_RATE_MS = 500;

/** The rates of requests and errors, per second. */
export class RequestRates {
  readonly #requests = new CounterRate();
  readonly #errors = new CounterRate();
  #at = Number.NEGATIVE_INFINITY;

  /**
   * Null where a reading has no rate. A pulse that was sent at once, since a state changed, comes so soon after the one before that a
   * single request would be thousands per second: it is left out, and the next pulse counts what it saw.
   */
  observe(
    counts: { requests: number; errors: number },
    at: number,
  ): { requests: number | null; errors: number | null } {
    const since = at - this.#at;
    if (since >= 0 && since < LEAST_RATE_MS) return { requests: null, errors: null };
    this.#at = at;
    return {
      requests: this.#requests.observe(counts.requests, at),
      errors: this.#errors.observe(counts.errors, at),
    };
  }
}
