import type { CircuitBreaker } from './circuit-breaker.ts';

/** How often a dependency that answers its probe and still fails its calls gets another trial, in milliseconds. */
const TRIAL_PAUSE_MS = 1_000;

export interface ProbedBreakerOptions {
  /** Asks the dependency now; whoever asks tells the outcome by `answered`. Called when the breaker opens. */
  readonly ask: () => void;
  /**
   * Whether this failure, which opened the breaker, can go on although the dependency answers its probe: a full
   * disk, a replica that takes no writes. Others are over with the first answer.
   */
  readonly outlastsAnswers: (failure: unknown) => boolean;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

/**
 * A breaker of a dependency that is asked by a cheap probe: the probe's answers are its trials, so that calls are
 * not refused any more from the moment on at which the dependency is back.
 */
export class ProbedBreaker {
  readonly #breaker: CircuitBreaker;
  readonly #options: ProbedBreakerOptions;
  readonly #now: () => number;
  #closedAt = Number.NEGATIVE_INFINITY;

  constructor(breaker: CircuitBreaker, options: ProbedBreakerOptions) {
    this.#breaker = breaker;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    breaker.onTransition(({ from, to, mode }) => {
      if (to !== 'open' || mode !== 'auto') return;
      // Behind what made it open; and not in a circle when trials fail although the probe is answered.
      if (from === 'closed') queueMicrotask(options.ask);
      else setTimeout(options.ask, TRIAL_PAUSE_MS).unref();
    });
  }

  /** The dependency answered. `wasAway`: it was known not to before, so its failures are explained and over. */
  answered(wasAway: boolean): void {
    const breaker = this.#breaker;
    if (breaker.closed) return;
    const lasting = !wasAway && this.#options.outlastsAnswers(breaker.lastFailure);
    breaker.dependencyHealthy();
    // Its calls go on failing: from here on they are the trials, one at a time.
    if (lasting && this.#now() - this.#closedAt < TRIAL_PAUSE_MS) return;
    while (breaker.state === 'half-open' && breaker.admit() !== null) breaker.succeeded(true);
    if (breaker.closed) this.#closedAt = this.#now();
  }
}
