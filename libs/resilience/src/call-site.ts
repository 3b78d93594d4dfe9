import { CircuitBreaker } from './breaker/circuit-breaker.ts';
import { attachHealing, type HealingDecision } from './common/healing-record.ts';
import { GuardError } from './common/resilience.errors.ts';
import type { SiteStats } from './common/site-stats.ts';
import { placeSignal } from './guard/abort-argument.ts';
import { CallGuards } from './guard/call-guards.ts';
import { CallRateLimiter } from './guard/rate-limiter.ts';
import { StaleCache } from './guard/stale-cache.ts';
import { type Healing, heal } from './heal.ts';
import type { HealingEnvironment } from './healing/environment.ts';
import { ErrorExaminer } from './healing/examine-error.ts';
import { FailedCall, type HealingSite } from './healing/failed-call.ts';
import type { AsyncFunction, HealingOptions } from './healing/healing-options.ts';
import { abandonAfter } from './healing/time-limits.ts';

type Callable = (this: unknown, ...args: readonly unknown[]) => PromiseLike<unknown>;

/** Calls that fail right after a reset were made on the old connections; they do not cause another reset. */
const RESET_PAUSE_MS = 1_000;

const NOTHING_DONE: Healing = { healedBy: null, steps: [] };

/** One wrapped function: its guards, the identity of its errors, and the healing of its failures. */
export class CallSite implements HealingSite {
  readonly source: string;
  readonly options: HealingOptions<AsyncFunction>;
  readonly environment: HealingEnvironment;
  readonly stats: SiteStats;
  readonly cache: StaleCache<unknown> | null;
  readonly breaker: CircuitBreaker | null;
  /** null: there are no guards, and calls go straight to the function. */
  readonly guards: CallGuards | null;
  readonly #fn: Callable;
  readonly #examiner: ErrorExaminer;
  #reset: Promise<void> | null = null;
  #resetAt = Number.NEGATIVE_INFINITY;

  constructor(fn: AsyncFunction, options: HealingOptions<AsyncFunction>, environment: HealingEnvironment) {
    this.#fn = fn as Callable;
    this.options = options;
    this.source = options.source;
    this.environment = environment;
    this.stats = environment.statsOf(options.source, options.category);
    this.cache = options.cache ? new StaleCache(options.cache) : null;
    this.#examiner = new ErrorExaminer(options.source, options.dependency, environment.examinedPerSecond);
    this.breaker = this.#makeBreaker();
    const bulkhead = options.bulkhead ?? true;
    const { limit = 10, queue = 1_000 } = typeof bulkhead === 'object' ? bulkhead : {};
    const attemptMs = options.attemptMs ?? options.deadlineMs ?? null;
    const bare = bulkhead === false && this.breaker === null && attemptMs === null;
    this.guards =
      bare && !options.rateLimit && !options.cache && options.signal === undefined
        ? null
        : new CallGuards({
            source: this.source,
            fn: fn as never,
            breaker: this.breaker,
            limit: bulkhead === false ? Number.POSITIVE_INFINITY : limit,
            queue,
            attemptMs,
            rateLimiter: options.rateLimit ? new CallRateLimiter(options.rateLimit) : null,
            signal: options.signal ?? null,
            stats: this.stats,
            examine: (error) => this.examine(error),
            isBusinessError: (error) => this.isBusinessError(error),
            provesHealthy: (error) =>
              !(error instanceof GuardError) && saysYes(this.options.provesHealthy, error),
            keep: this.cache ? (args, value) => this.#keep(args, value) : null,
            heal: (...failure) => this.settle(...failure),
          });
  }

  attempt(self: unknown, args: readonly unknown[]): Promise<unknown> {
    if (this.guards !== null) return this.guards.call(self, args, true);
    return (async () => this.#fn.apply(self, args as unknown[]))();
  }

  async attemptElsewhere(self: unknown, args: readonly unknown[]): Promise<unknown> {
    const placed = this.options.signal === undefined ? null : placeSignal(this.options.signal, args);
    const { attemptMs } = this.options;
    const attempt = (async () => this.#fn.apply(self, (placed?.args ?? args) as unknown[]))();
    try {
      return await (attemptMs === undefined ? attempt : abandonAfter(attempt, attemptMs, this.source));
    } catch (error) {
      placed?.abort(error);
      throw error;
    } finally {
      placed?.release();
    }
  }

  isBusinessError(error: unknown): boolean {
    return saysYes(this.options.isBusinessError, error);
  }

  examine(error: unknown): HealingDecision {
    return this.#examiner.examine(error, this.environment, Date.now());
  }

  /**
   * Resolves with the value that heals, or rejects with the original error and the record of what was tried;
   * or with the business error that a repeat got.
   */
  settle(
    error: unknown,
    decision: HealingDecision,
    self: unknown,
    args: readonly unknown[],
    elapsedMs: number,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const began = performance.now();
    const conclude = (healing: Healing) => {
      this.#conclude(error, decision, healing, performance.now() - began);
      if (healing.healedBy === null) reject(error);
      else if (healing.businessError) reject(healing.businessError.error);
      else resolve(healing.value);
    };
    let healing: Healing | Promise<Healing> = NOTHING_DONE;
    try {
      if (decision.strategy !== 'ESCALATE')
        healing = heal(new FailedCall(this, self, args, error, decision, elapsedMs));
    } catch {
      // Whatever error a function among the options throws, the caller gets the error of its call.
    }
    if (healing instanceof Promise) healing.then(conclude, () => conclude(NOTHING_DONE));
    else conclude(healing);
  }

  resetConnection(): Promise<void> {
    if (this.#reset !== null) return this.#reset;
    if (performance.now() - this.#resetAt < RESET_PAUSE_MS) return Promise.resolve();
    const reset = (async () => this.options.resetConnection?.())().finally(() => {
      this.#reset = null;
      this.#resetAt = performance.now();
    });
    this.#reset = reset;
    return reset;
  }

  backupBreaker(endpoint: string): CircuitBreaker {
    return this.environment.breakers.named(`${this.source}@${endpoint}`);
  }

  #conclude(
    error: unknown,
    decision: HealingDecision,
    { healedBy, steps }: Healing,
    durationMs: number,
  ): void {
    if (healedBy === null) this.stats.notHealed++;
    else this.stats.healed++;
    const record = { source: this.source, decision, steps, healedBy, durationMs, at: Date.now() };
    if (healedBy === null) attachHealing(error, record);
    const { category, criticality = 'normal', dependency, dependencyName } = this.options;
    this.environment.reporter?.capture({
      record,
      error,
      dependency: dependencyName ?? dependency,
      category,
      criticality,
    });
    this.environment.announce(record, error);
  }

  #makeBreaker(): CircuitBreaker | null {
    const { breaker = true } = this.options;
    if (breaker === false) return null;
    if (breaker instanceof CircuitBreaker) return breaker;
    const options = breaker === true ? {} : breaker;
    return this.environment.breakers.named(options.name ?? this.source, options);
  }

  #keep(args: readonly unknown[], value: unknown): void {
    try {
      const key = this.options.cache?.key(...(args as never[]));
      if (key !== undefined) this.cache?.put(key, value);
    } catch {
      // without a key nothing is kept
    }
  }
}

/** The result of a predicate that may be missing, or may itself throw. */
function saysYes(judge: ((error: unknown) => boolean) | undefined, error: unknown): boolean {
  try {
    return judge?.(error) === true;
  } catch {
    return false;
  }
}
