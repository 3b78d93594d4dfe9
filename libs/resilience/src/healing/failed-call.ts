import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { type HealingDecision, healingOf } from '../common/healing-record.ts';
import type { SiteStats } from '../common/site-stats.ts';
import { surelyDidNotHappen } from '../common/write-safety.ts';
import type { StaleCache } from '../guard/stale-cache.ts';
import type { HealingEnvironment } from './environment.ts';
import type { AsyncFunction, HealingOptions } from './healing-options.ts';
import { abandonAfter, pause } from './time-limits.ts';

/** Below, a classification is too unsure to repeat a write on. */
const SURE = 0.8;

const SPENT = 'the retry budget of the process is spent';

/** What a failed call needs of its call site. */
export interface HealingSite {
  readonly source: string;
  readonly options: HealingOptions<AsyncFunction>;
  readonly environment: HealingEnvironment;
  readonly stats: SiteStats;
  readonly cache: StaleCache<unknown> | null;
  /** One attempt through the guards, without healing. */
  attempt(self: unknown, args: readonly unknown[]): Promise<unknown>;
  /** One attempt past the breaker and the bulkhead, which belong to the primary way. */
  attemptElsewhere(self: unknown, args: readonly unknown[]): Promise<unknown>;
  examine(error: unknown): HealingDecision;
  isBusinessError(error: unknown): boolean;
  /** Drops connections, once for all that ask at the same time. */
  resetConnection(): Promise<void>;
  backupBreaker(endpoint: string): CircuitBreaker;
}

/** Thrown through a strategy when a repeat got an answer that is an error: the caller gets that one. */
export class BusinessErrorThrown {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

export type Attempted =
  | { readonly ok: true; readonly value: unknown }
  /** `made`: false when nothing was called. */
  | { readonly ok: false; readonly error: unknown; readonly why: string; readonly made: boolean };

const REPEATING = new Set([
  'RETRY_WITH_BACKOFF',
  'RATE_LIMIT_BACKOFF',
  'RESET_CONNECTION',
  'ROLLBACK_TRANSACTION',
  'CLEAR_CACHE_AND_RETRY',
  'SWITCH_API_ENDPOINT',
]);

/** A call that failed, while something is tried about it. */
export class FailedCall {
  readonly site: HealingSite;
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** What the caller gets when nothing helps. */
  readonly error: unknown;
  readonly decision: HealingDecision;
  /** The caller's own, when one is among the arguments. */
  readonly signal: AbortSignal | undefined;
  /** The last failure of the primary way; the first one until something was repeated. */
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

  /** Why doing it again could do it twice; null when it cannot. */
  couldDoTwice(): string | null {
    if (this.#forbidden !== null) return this.#forbidden;
    const { idempotent, idempotencyKey } = this.site.options;
    if (idempotent === true || this.#maybeHappened === null) return null;
    if (idempotencyKey?.(...(this.args as never[]))) return null;
    return `not declared idempotent, and after ${this.#maybeHappened.kind} it may have happened`;
  }

  /** Why it must not be called again; null when it may be. */
  mustNotRepeat(): string | null {
    return this.#repeatedInside ?? this.couldDoTwice();
  }

  /** Why no other value may stand in for the result; null when one may. */
  mustBeTrue(): string | null {
    return this.site.options.money === true ? 'it concerns money' : null;
  }

  /** From now on this call alone must not be done again, now or later, for this reason; null: it may again. */
  forbidRepeats(reason: string | null): void {
    this.#forbidden = reason;
  }

  /** The transaction was undone, so nothing of what was tried has happened. */
  undone(): void {
    this.#maybeHappened = null;
  }

  /** Why no repeat can be had now, in words; null when one can. */
  budgetSpent(): string | null {
    return this.site.environment.budget.available() >= 1 ? null : SPENT;
  }

  /** Takes a repeat out of the process's retry budget; null, or why there is none. Before any waiting for it. */
  reserveRepeat(): string | null {
    if (this.leftMs() <= 0) return 'no time is left';
    return this.site.environment.budget.take() ? null : SPENT;
  }

  /** A repeat that was reserved is not made after all. */
  releaseRepeat(): void {
    this.site.environment.budget.giveBack();
  }

  /** One repeat of the primary way, which must have been reserved. Throws only `Answered`. */
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

  /** The same call with other arguments, not charged to the budget. Throws only `Answered`. */
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

  /** Waits. False: there is no time for it, or the caller has gone meanwhile. */
  async wait(ms: number): Promise<boolean> {
    if (ms >= this.leftMs()) return false;
    return ms === 0 || pause(ms, this.signal);
  }

  /** Bounds what is not a call of the function (a reset, an enqueue) by the time that is left, 5 s at most. */
  bounded<T>(work: Promise<T>): Promise<T> {
    return abandonAfter(work, Math.min(5_000, this.leftMs()), this.site.source);
  }

  /** Surely nothing of it stands. */
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
      // a getter that throws holds no signal
    }
  }
  return undefined;
}
