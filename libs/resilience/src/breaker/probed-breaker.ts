import type { CircuitBreaker } from './circuit-breaker.ts';

/** When a trial of a call failed: milliseconds until the next probe of the dependency. */
const TRIAL_PAUSE_MS = 1_000;

export interface ProbedBreakerOptions {
  /** Probes the dependency now; the result is reported by `responded`. Called when the breaker opens. */
  readonly probe: () => void;
}

/**
 * A breaker of a dependency with a cheap probe: the results of the probe are its trials, so that calls are
 * not refused any more from the moment when the dependency is back. A failure that happens although the
 * dependency responds must not be counted: the breaker would open and close in turns.
 */
export class ProbedBreaker {
  readonly #breaker: CircuitBreaker;

  constructor(breaker: CircuitBreaker, { probe }: ProbedBreakerOptions) {
    this.#breaker = breaker;
    breaker.onTransition(({ from, to, mode }) => {
      if (to !== 'open' || mode !== 'auto') return;
      // After the transition that opened it.
      if (from === 'closed') queueMicrotask(probe);
      else setTimeout(probe, TRIAL_PAUSE_MS).unref();
    });
  }

  /** The dependency responded. Does nothing to a breaker that an operator holds open. */
  responded(): void {
    const breaker = this.#breaker;
    if (breaker.closed) return;
    breaker.dependencyHealthy();
    while (breaker.state === 'half-open' && breaker.admit() !== null) breaker.succeeded(true);
  }
}
