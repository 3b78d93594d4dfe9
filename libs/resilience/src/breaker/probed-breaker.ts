import type { CircuitBreaker } from './circuit-breaker.ts';

/** When a trial of a call failed: so many milliseconds until the dependency is asked again. */
const TRIAL_PAUSE_MS = 1_000;

export interface ProbedBreakerOptions {
  /** Asks the dependency now; whoever asks tells the outcome by `answered`. Called when the breaker opens. */
  readonly probe: () => void;
}

/**
 * A breaker of a dependency that is asked by a cheap probe: the probe's answers are its trials, so that calls are
 * not refused any more from the moment on at which the dependency is back. What fails although the dependency answers
 * must not be counted as a failure: the breaker would open and close in turns.
 */
export class ProbedBreaker {
  readonly #breaker: CircuitBreaker;

  constructor(breaker: CircuitBreaker, { probe }: ProbedBreakerOptions) {
    this.#breaker = breaker;
    breaker.onTransition(({ from, to, mode }) => {
      if (to !== 'open' || mode !== 'auto') return;
      // Behind what made it open.
      if (from === 'closed') queueMicrotask(probe);
      else setTimeout(probe, TRIAL_PAUSE_MS).unref();
    });
  }

  /** The dependency answered. Does nothing to a breaker that an operator holds open. */
  responded(): void {
    const breaker = this.#breaker;
    if (breaker.closed) return;
    breaker.dependencyHealthy();
    while (breaker.state === 'half-open' && breaker.admit() !== null) breaker.succeeded(true);
  }
}
