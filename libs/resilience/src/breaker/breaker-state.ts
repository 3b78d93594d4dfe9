export type BreakerState = 'closed' | 'open' | 'half-open';
/** `auto`: by its own judgement; `open`, `closed`: held there by an operator. */
export type BreakerMode = 'auto' | 'open' | 'closed';

/** What a breaker announces whenever it changes. It commands nobody. */
export interface BreakerTransition {
  readonly breaker: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly mode: BreakerMode;
  /** In words: what tripped it, or who set it. */
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
  /** Breakers of one name are one breaker: call sites of one dependency share it. Default: the call site's source. */
  readonly name?: string;
  /** Failures in a row that open it. Default 5. */
  readonly consecutiveFailures?: number;
  /** Share of failed calls above which it opens, 0..1. Default 0.5. */
  readonly failureShare?: number;
  /** Calls that must be known before the share counts. Default 20. */
  readonly minimumCalls?: number;
  /** How many calls the share looks back. Default 100. */
  readonly windowCalls?: number;
  /** How long a failure counts for the share, in milliseconds. Default 30,000. */
  readonly windowMs?: number;
  /** How long it stays open before trials, in milliseconds. Default 60,000. */
  readonly halfOpenAfterMs?: number;
  /** Trials in a row that must succeed to close it. Default 2. */
  readonly closesAfter?: number;
  /**
   * Run once whenever it gets half-open, before the first trial: reset the pool, warm the cache. A failure is
   * announced in the reason of the next transition and does not stop the trial.
   */
  readonly recover?: () => Promise<void>;
  /** How long the first trial waits for `recover`, in milliseconds. Default 5,000. */
  readonly recoverMs?: number;
}
