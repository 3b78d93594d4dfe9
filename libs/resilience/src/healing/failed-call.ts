import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { type HealingDecision, healingOf } from '../common/healing-record.ts';
import type { SiteStats } from '../common/site-stats.ts';
import { surelyDidNotHappen } from '../common/write-safety.ts';
import type { StaleCache } from '../guard/stale-cache.ts';
import type { HealingEnvironment } from './environment.ts';
import type { AsyncFunction, HealingOptions } from './healing-options.ts';
import { abandonAfter, pause } from './time-limits.ts';

/** Below this confidence, a classification is too unsure to repeat a write. */
const SURE = 0.8;

const SPENT = 'the retry budget of the process is spent';

/** The parts of a call site that a failed call needs. */
export interface HealingSite {
  readonly source: string;
  readonly options: HealingOptions<AsyncFunction>;
  readonly environment: HealingEnvironment;
  readonly stats: SiteStats;
  readonly cache: StaleCache<unknown> | null;
  /** One attempt through the guards, without healing. */
  attempt(self: unknown, args: readonly unknown[]): Promise<unknown>;
  /** One attempt without the breaker and the bulkhead, which belong to the primary endpoint. */
  attemptElsewhere(self: unknown, args: readonly unknown[]): Promise<unknown>;
  examine(error: unknown): HealingDecision;
  isBusinessError(error: unknown): boolean;
  /** Drops connections, once for all simultaneous callers. */
  resetConnection(): Promise<void>;
  backupBreaker(endpoint: string): CircuitBreaker;
}

/** Thrown through a strategy when a repeat got a business error: the caller gets that error. */
export class BusinessErrorThrown {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

export type Attempted =
  | { readonly ok: true; readonly value: unknown }
  /** `made`: false when the function was not called. */
  | { readonly ok: false; readonly error: unknown; readonly why: string; readonly made: boolean };

const REPEATING = new Set([
  'RETRY_WITH_BACKOFF',
  'RATE_LIMIT_BACKOFF',
  'RESET_CONNECTION',
  'ROLLBACK_TRANSACTION',
  'CLEAR_CACHE_AND_RETRY',
  'SWITCH_API_ENDPOINT',
]);

/** A failed call while strategies are tried. */
export class FailedCall {
  readonly site: HealingSite;
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** The error that the caller gets when no strategy heals. */
  readonly error: unknown;
  readonly decision: HealingDecision;
  /** The caller's own signal, when one is among the arguments. */
  readonly signal: AbortSignal | undefined;
  /** The last failure of the primary endpoint; the first failure until the call was repeated. */
  latest: HealingDecision;
  latestError: unknown;
  #maybeHappened: HealingDecision | null;
  #forbidden: string | null = null;
  readonly #repeatedInside: string | null;
  readonly #until: number;

  constructor(
    site: HealingSite,
    self: unknown,
    args: readonly unknown[],
    error: unknown,
    decision: HealingDecision,
    elapsedMs: number,
  ) {
    this.site = site;
    this.self = self;
    this.args = args;
    this.error = error;
    this.decision = this.latest = decision;
    this.latestError = error;
    this.signal = callersSignal(args);
    this.#maybeHappened = this.#certain(decision, error) ? null : decision;
    const inner = healingOf(error);
    const repeated =
      inner !== undefined &&
      inner.source !== site.source &&
      inner.steps.some((step) => step.outcome === 'failed' && REPEATING.has(step.strategy));
    this.#repeatedInside = repeated ? `${inner.source}, inside this call, has repeated it already` : null;
    const { deadlineMs, remainingMs } = site.options;
    const left = Math.min(
      deadlineMs === undefined ? Number.POSITIVE_INFINITY : deadlineMs - elapsedMs,
      remainingMs?.(...(args as never[])) ?? Number.POSITIVE_INFINITY,
    );
    this.#until = performance.now() + left;
  }

  /** Milliseconds until the caller stops waiting; Infinity without a deadline. */
  leftMs(): number {
    return this.#until - performance.now();
  }

  /** The reason why a repeat could do the work twice; null when it cannot. */
  couldDoTwice(): string | null {
    if (this.#forbidden !== null) return this.#forbidden;
    const { idempotent, idempotencyKey } = this.site.options;
    if (idempotent === true || this.#maybeHappened === null) return null;
    if (idempotencyKey?.(...(this.args as never[]))) return null;
    return `not declared idempotent, and after ${this.#maybeHappened.kind} it may have happened`;
  }

  /** The reason why the function must not be called again; null when it may be. */
  mustNotRepeat(): string | null {
    return this.#repeatedInside ?? this.couldDoTwice();
  }

  /** The reason why no other value may replace the result; null when one may. */
  mustBeTrue(): string | null {
    return this.site.options.money === true ? 'it concerns money' : null;
  }

  /**
   * From now on this call must not be repeated, now or later, for this reason; null: repeats are allowed
   * again.
   */
  forbidRepeats(reason: string | null): void {
    this.#forbidden = reason;
  }

  /** The transaction was undone, so no attempt has left an effect. */
  undone(): void {
    this.#maybeHappened = null;
  }

  /** The reason why no repeat is available now, in words; null when one is. */
  budgetSpent(): string | null {
    return this.site.environment.budget.available() >= 1 ? null : SPENT;
  }

  /**
   * Takes a repeat out of the process's retry budget; returns null, or the reason why there is none. Called
   * before any wait for the repeat.
   */
  reserveRepeat(): string | null {
    if (this.leftMs() <= 0) return 'no time is left';
    return this.site.environment.budget.take() ? null : SPENT;
  }

  /** A reserved repeat is not made after all. */
  releaseRepeat(): void {
    this.site.environment.budget.giveBack();
  }

  /** One repeat at the primary endpoint, which must have been reserved. Throws only `BusinessErrorThrown`. */
  async repeat(): Promise<Attempted> {
    this.site.stats.repeats++;
    try {
      return { ok: true, value: await this.#inTime(this.site.attempt(this.self, this.args)) };
    } catch (error) {
      if (this.site.isBusinessError(error)) throw new BusinessErrorThrown(error);
      this.latestError = error;
      this.latest = this.site.examine(error);
      if (!this.#certain(this.latest, error)) this.#maybeHappened = this.latest;
      return { ok: false, error, why: `it failed again: ${this.latest.kind}`, made: true };
    }
  }

  /** The same call with other arguments, not charged to the budget. Throws only `BusinessErrorThrown`. */
  async tryElsewhere(args: readonly unknown[]): Promise<Attempted> {
    if (this.leftMs() <= 0)
      return { ok: false, error: this.latestError, why: 'no time is left', made: false };
    try {
      return { ok: true, value: await this.#inTime(this.site.attemptElsewhere(this.self, args)) };
    } catch (error) {
      if (this.site.isBusinessError(error)) throw new BusinessErrorThrown(error);
      const decision = this.site.examine(error);
      if (!this.#certain(decision, error)) this.#maybeHappened = decision;
      return { ok: false, error, why: decision.kind, made: true };
    }
  }

  /** Waits. Returns false when there is no time for the wait, or the caller has gone meanwhile. */
  async wait(ms: number): Promise<boolean> {
    if (ms >= this.leftMs()) return false;
    return ms === 0 || pause(ms, this.signal);
  }

  /**
   * Limits work other than a call of the function (a reset, an enqueue) to the time that is left, 5 s at
   * most.
   */
  bounded<T>(work: Promise<T>): Promise<T> {
    return abandonAfter(work, Math.min(5_000, this.leftMs()), this.site.source);
  }

  /** Whether the call certainly left no effect. */
  #certain(decision: HealingDecision, error: unknown): boolean {
    if (this.site.options.leftNothing?.(error) === true) return true;
    return decision.confidence >= SURE && surelyDidNotHappen(decision.kind);
  }

  #inTime(attempt: Promise<unknown>): Promise<unknown> {
    const left = this.leftMs();
    return left === Number.POSITIVE_INFINITY ? attempt : abandonAfter(attempt, left, this.site.source);
  }
}

function callersSignal(args: readonly unknown[]): AbortSignal | undefined {
  for (let i = args.length - 1; i >= 0; i--) {
    const argument = args[i];
    if (typeof argument !== 'object' || argument === null) continue;
    if (argument instanceof AbortSignal) return argument;
    try {
      const { signal } = argument as { signal?: unknown };
      if (signal instanceof AbortSignal) return signal;
    } catch {
      // an argument whose getter throws holds no signal
    }
  }
  return undefined;
}
