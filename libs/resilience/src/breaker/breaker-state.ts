export type BreakerState = 'closed' | 'open' | 'half-open';
/** `auto`: the breaker decides; `open`, `closed`: held there by an operator. */
export type BreakerMode = 'auto' | 'open' | 'closed';

/** Announced by a breaker whenever its state changes. The announcement changes nothing by itself. */
export interface BreakerTransition {
  readonly breaker: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly mode: BreakerMode;
  /** The reason in words: what opened the breaker, or who set it. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Everything that is needed to show a breaker, and to continue it in another process. Plain JSON. */
export interface BreakerSnapshot {
  readonly breaker: string;
  readonly state: BreakerState;
  readonly mode: BreakerMode;
  readonly reason: string;
  readonly since: number;
  /** When an open breaker lets a trial through, milliseconds since the epoch; null unless open. */
  readonly reopens_at: number | null;
  readonly consecutive_failures: number;
  readonly opened_total: number;
}

export interface BreakerOptions {
  /**
   * Breakers of one name are one breaker: the call sites of a dependency share it. Default: the call site's
   * source.
   */
  readonly name?: string;
  /** Failures in a row that open the breaker. Default 5. */
  readonly consecutiveFailures?: number;
  /** The share of failed calls above which the breaker opens, 0..1. Default 0.5. */
  readonly failureShare?: number;
  /** The minimum number of calls before the share counts. Default 20. */
  readonly minimumCalls?: number;
  /** The number of recent calls of which the share is computed. Default 100. */
  readonly windowCalls?: number;
  /** How long a failure counts for the share, in milliseconds. Default 30,000. */
  readonly windowMs?: number;
  /** For how long the breaker stays open before trials, in milliseconds. Default 60,000. */
  readonly halfOpenAfterMs?: number;
  /** Trials in a row that must succeed to close the breaker. Default 2. */
  readonly closesAfter?: number;
  /**
   * Runs once whenever the breaker becomes half-open, before the first trial: reset the pool, warm the cache.
   * A failure is named in the reason of the next transition and does not prevent the trial.
   */
  readonly recover?: () => Promise<void>;
  /** How long the first trial waits for `recover`, in milliseconds. Default 5,000. */
  readonly recoverMs?: number;
}
