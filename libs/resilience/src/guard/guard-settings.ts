import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { HealingDecision } from '../common/healing-record.ts';
import type { SiteStats } from '../common/site-stats.ts';
import type { SignalPlace } from './abort-argument.ts';
import type { CallRateLimiter } from './rate-limiter.ts';

export interface GuardSettings {
  readonly source: string;
  readonly fn: (this: unknown, ...args: never[]) => PromiseLike<unknown>;
  readonly breaker: CircuitBreaker | null;
  /** Calls at the same time; Infinity without a bulkhead. */
  readonly limit: number;
  readonly queue: number;
  readonly attemptMs: number | null;
  readonly rateLimiter: CallRateLimiter | null;
  readonly signal: SignalPlace | null;
  readonly stats: SiteStats;
  readonly examine: (error: unknown) => HealingDecision;
  /** An error that is the right response of a healthy dependency. */
  readonly isBusinessError: (error: unknown) => boolean;
  /** A failure that proves that the dependency works. */
  readonly provesHealthy: (error: unknown) => boolean;
  /** Called with each value; must not throw. */
  readonly keep: ((args: readonly unknown[], value: unknown) => void) | null;
  /** Handles a failed call that is not bare. */
  readonly heal: FailureHandler;
}
export type FailureHandler = (
  error: unknown,
  decision: HealingDecision,
  self: unknown,
  args: readonly unknown[],
  elapsedMs: number,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
) => void;
