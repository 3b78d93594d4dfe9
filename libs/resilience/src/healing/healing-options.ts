import type { BreakerOptions } from '../breaker/breaker-state.ts';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { ErrorSource } from '../classify/kinds/classification.ts';
import type { Category } from '../common/category.ts';
import type { RateLimitOptions } from '../guard/rate-limiter.ts';
import type { HealingEnvironment } from './environment.ts';

/** Any function that returns a promise. `never[]` accepts every parameter list without loosening it. */
export type AsyncFunction = (...args: never[]) => PromiseLike<unknown>;
export type Result<F extends AsyncFunction> = Awaited<ReturnType<F>>;

export interface RetryOptions {
  /** Repeats after the first call. Default 3. */
  readonly attempts?: number;
  /** The first wait is random in 0..baseMs; each next bound is twice as high. Default 50. */
  readonly baseMs?: number;
  /** The maximum bound. Default 2,000. */
  readonly capMs?: number;
  /** The longest wait that a dependency may request (`Retry-After`), in milliseconds. Default 30,000. */
  readonly maxRetryAfterMs?: number;
}

export interface BulkheadOptions {
  /** Calls at the same time. Default 10. */
  readonly limit?: number;
  /** Calls that wait for a place; further calls are refused. Default 1,000. */
  readonly queue?: number;
}

export interface DedupeOptions<F extends AsyncFunction> {
  /**
   * Calls of one key within the window are one call. The key must name everything that the result depends on,
   * the tenant too.
   */
  readonly key: (...args: Parameters<F>) => string;
  /** Milliseconds. Default 50. */
  readonly windowMs?: number;
}

export interface CacheOptions<F extends AsyncFunction> {
  /** The key must name everything that the result depends on, the tenant too. */
  readonly key: (...args: Parameters<F>) => string;
  /**
   * The maximum age of a value that replaces the result of a failed call, in milliseconds. Default 300,000.
   */
  readonly staleMs?: number;
  /** Default 1,000. */
  readonly maxEntries?: number;
}

export interface EndpointOptions<F extends AsyncFunction> {
  /** The endpoint that the function itself calls; used only in messages. */
  readonly primary: string;
  /** Backups in the order in which they are tried. */
  readonly backups: readonly string[];
  /** The arguments with which the function calls this endpoint. */
  readonly at: (endpoint: string, args: Parameters<F>) => Parameters<F>;
}

/** Work that is done later. Stored durably before `enqueue` resolves. */
export interface QueuedCall {
  /** The consumer of the queue does the work once for each id. */
  readonly id: string;
  readonly source: string;
  /** Plain JSON, from `payload`. */
  readonly payload: unknown;
  /** The reason: the kind of the error. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
export interface QueuePort {
  enqueue(call: QueuedCall): Promise<void>;
}
export interface QueueOptions<F extends AsyncFunction> {
  readonly port: QueuePort;
  /** The data that is needed to do the work later: plain JSON, no secrets. */
  readonly payload: (...args: Parameters<F>) => unknown;
  /** The value that the caller gets instead of the result. Without this option: `undefined`. */
  readonly respond?: (queued: QueuedCall, ...args: Parameters<F>) => Result<F>;
}

/**
 * `rolled_back`: the whole transaction of this call was undone. `none`: no transaction was open any more.
 * `outer`: the transaction began before this call, so this call must not be repeated separately.
 */
export type RollbackOutcome = 'rolled_back' | 'none' | 'outer';
export interface TransactionPort {
  rollback(error: unknown): Promise<RollbackOutcome>;
}

export interface HealingOptions<F extends AsyncFunction = AsyncFunction> {
  /** Name of the call site: `billing.invoices.find`. Used in reports, metrics and breaker names. */
  readonly source: string;
  readonly category: Category;
  /** The dependency that the function calls; a hint for the classifier. */
  readonly dependency?: ErrorSource;
  /**
   * The name of the dependency in reports where `dependency` is too broad: the service behind a request.
   * Default: `dependency`.
   */
  readonly dependencyName?: string;
  /**
   * True: calling twice has the same effect as calling once (as for reads). Unless true, a failed call is
   * repeated only when it certainly did not happen, or when `idempotencyKey` gives a key. Such a call must be
   * *one* operation.
   */
  readonly idempotent?: boolean;
  /**
   * Business errors ("this address is taken"): thrown unchanged, not classified, not repeated and not
   * reported; for the breaker they prove that the dependency works.
   */
  readonly isBusinessError?: (error: unknown) => boolean;
  /**
   * Failures that only a working dependency can cause (it refused the statement with a reason): healed and
   * reported like any other, but successes for the breaker.
   */
  readonly provesHealthy?: (error: unknown) => boolean;
  /** Failures after which the operation certainly left no effect, whatever their kind: it was rolled back. */
  readonly leftNothing?: (error: unknown) => boolean;
  /** The key by which the other side recognises a repeat of this call. The function must send it. */
  readonly idempotencyKey?: (...args: Parameters<F>) => string | undefined;
  /** The call concerns money: never skipped, never a default, never a stale value. */
  readonly money?: boolean;
  /** `optional`: may be left out (only where the function may return undefined). Default `normal`. */
  readonly criticality?: 'critical' | 'normal' | (undefined extends Result<F> ? 'optional' : never);
  /** The maximum time that a caller waits, healing included, in milliseconds. */
  readonly deadlineMs?: number;
  /**
   * The maximum time of one attempt, in milliseconds. Default: `deadlineMs`, which leaves no time for
   * repeats.
   */
  readonly attemptMs?: number;
  /** Milliseconds that the caller itself still has; called only after a failure. */
  readonly remainingMs?: (...args: Parameters<F>) => number | undefined;
  /**
   * The place where the function takes an AbortSignal: the argument's index, or the index of an options
   * object and the property in it. The function then gets a signal that aborts when the attempt is given up,
   * or when the caller's own signal does. Without this option the arguments are not changed, and a given-up
   * attempt continues, but its result is ignored.
   */
  readonly signal?: number | { readonly argument: number; readonly property: string };
  readonly retry?: RetryOptions | false;
  /** On by default; false: none. To share a breaker, pass the breaker itself. */
  readonly breaker?: BreakerOptions | CircuitBreaker | boolean;
  /** On by default with 10 calls at once; false: none. */
  readonly bulkhead?: BulkheadOptions | boolean;
  readonly rateLimit?: RateLimitOptions;
  readonly dedupe?: DedupeOptions<F>;
  /** Keeps last good values, used only when a call fails. */
  readonly cache?: CacheOptions<F>;
  /** Clears the data that this call reads from (a cache, a parsed file), so that a repeat reads it again. */
  readonly clearCache?: (error: unknown, ...args: Parameters<F>) => Promise<void> | void;
  /**
   * Drops the connections to the dependency and makes new ones. Runs once for all calls that fail at the same
   * time.
   */
  readonly resetConnection?: () => Promise<void>;
  readonly endpoints?: EndpointOptions<F>;
  /** Replaces the result; a function creates a new value. */
  readonly defaultValue?: Result<F> | ((...args: Parameters<F>) => Result<F>);
  readonly queue?: QueueOptions<F>;
  readonly transaction?: TransactionPort;
  /** Default: the environment of the process. */
  readonly environment?: HealingEnvironment;
}
