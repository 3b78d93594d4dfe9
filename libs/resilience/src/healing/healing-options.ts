import type { BreakerOptions } from '../breaker/breaker-state.ts';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { ErrorSource } from '../classify/kinds/classification.ts';
import type { Category } from '../common/category.ts';
import type { RateLimitOptions } from '../guard/rate-limiter.ts';
import type { HealingEnvironment } from './environment.ts';

/** Any function that promises something. `never[]` accepts every parameter list without loosening it. */
export type AsyncFunction = (...args: never[]) => PromiseLike<unknown>;
export type Result<F extends AsyncFunction> = Awaited<ReturnType<F>>;

export interface RetryOptions {
  /** Repeats after the first call. Default 3. */
  readonly attempts?: number;
  /** The first wait is anywhere in 0..baseMs, each next bound is twice as high. Default 50. */
  readonly baseMs?: number;
  /** No bound is higher. Default 2,000. */
  readonly capMs?: number;
  /** The longest wait that a dependency may ask for (`Retry-After`) and get, in milliseconds. Default 30,000. */
  readonly maxRetryAfterMs?: number;
}

export interface BulkheadOptions {
  /** Calls at once. Default 10. */
  readonly limit?: number;
  /** Calls that wait for a place; beyond, a call is refused. Default 1,000. */
  readonly queue?: number;
}

export interface DedupeOptions<F extends AsyncFunction> {
  /** Calls of one key within the window are one call. It must name all that the answer depends on, the tenant too. */
  readonly key: (...args: Parameters<F>) => string;
  /** Milliseconds. Default 50. */
  readonly windowMs?: number;
}

export interface CacheOptions<F extends AsyncFunction> {
  /** It must name all that the answer depends on, the tenant too. */
  readonly key: (...args: Parameters<F>) => string;
  /** How old a value may be when it stands in for a failed call, in milliseconds. Default 300,000. */
  readonly staleMs?: number;
  /** Default 1,000. */
  readonly maxEntries?: number;
}

export interface EndpointOptions<F extends AsyncFunction> {
  /** What the function itself calls; only for words. */
  readonly primary: string;
  /** In the order in which they are tried. */
  readonly backups: readonly string[];
  /** The arguments with which the function calls this endpoint. */
  readonly at: (endpoint: string, args: Parameters<F>) => Parameters<F>;
}

/** Work that waits for a better time. Written durably before `enqueue` resolves. */
export interface QueuedCall {
  /** Whoever takes it from the queue does it once for each id. */
  readonly id: string;
  readonly source: string;
  /** Plain JSON, from `payload`. */
  readonly payload: unknown;
  /** Why it was queued: the kind of the error. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
export interface QueuePort {
  enqueue(call: QueuedCall): Promise<void>;
}
export interface QueueOptions<F extends AsyncFunction> {
  readonly port: QueuePort;
  /** What is needed to do the work later: plain JSON, no secrets. */
  readonly payload: (...args: Parameters<F>) => unknown;
  /** What the caller gets instead of the result. Without it: `undefined`. */
  readonly respond?: (queued: QueuedCall, ...args: Parameters<F>) => Result<F>;
}

/**
 * `rolled_back`: undone, the whole transaction was this call's. `none`: nothing was open any more. `outer`: the
 * transaction began before this call, so this call alone must not be repeated.
 */
export type RollbackOutcome = 'rolled_back' | 'none' | 'outer';
export interface TransactionPort {
  rollback(error: unknown): Promise<RollbackOutcome>;
}

export interface HealingOptions<F extends AsyncFunction = AsyncFunction> {
  /** Name of the call site: `billing.invoices.find`. In reports, metrics and breaker names. */
  readonly source: string;
  readonly category: Category;
  /** Who answers this call; a hint for the classifier. */
  readonly dependency?: ErrorSource;
  /** Its name in reports where `dependency` is too broad: the service behind a request. Default: `dependency`. */
  readonly dependencyName?: string;
  /**
   * True: calling twice does what calling once does (reads are). Unless true, a failed call is repeated only
   * when it surely did not happen, or when `idempotencyKey` gives a key. Such a call must be *one* operation.
   */
  readonly idempotent?: boolean;
  /**
   * Errors that are answers and not faults ("this address is taken"): thrown as they are, not classified, not
   * repeated and not reported; for the breaker they say that the dependency works.
   */
  readonly isBusinessError?: (error: unknown) => boolean;
  /**
   * Failures that only a dependency which works can give (it refused the statement, and said why): healed and reported
   * as any other, but for the breaker they are successes.
   */
  readonly provesHealthy?: (error: unknown) => boolean;
  /** Failures after which the operation surely left nothing behind, whatever their kind: it was rolled back. */
  readonly leftNothing?: (error: unknown) => boolean;
  /** The key by which the other side recognises a repeat of this call. The function must send it. */
  readonly idempotencyKey?: (...args: Parameters<F>) => string | undefined;
  /** Concerns money: never skipped, never a default, never a stale value. */
  readonly money?: boolean;
  /** `optional`: may be left out (only where the function may return undefined). Default `normal`. */
  readonly criticality?: 'critical' | 'normal' | (undefined extends Result<F> ? 'optional' : never);
  /** How long a caller waits at most, healing included, in milliseconds. */
  readonly deadlineMs?: number;
  /** How long one attempt may take, in milliseconds. Default: `deadlineMs`, which leaves nothing for repeats. */
  readonly attemptMs?: number;
  /** Milliseconds that the caller itself still has; asked only when something failed. */
  readonly remainingMs?: (...args: Parameters<F>) => number | undefined;
  /**
   * Where the function takes an AbortSignal: the argument's index, or the index of an options object and the
   * property in it. It then gets one that aborts when the attempt is given up, or when the caller's own does.
   * Without this the arguments arrive untouched, and a given-up attempt runs on unheard.
   */
  readonly signal?: number | { readonly argument: number; readonly property: string };
  readonly retry?: RetryOptions | false;
  /** On by default; false: none. A breaker can also be given, to share it. */
  readonly breaker?: BreakerOptions | CircuitBreaker | boolean;
  /** On by default with 10 at once; false: none. */
  readonly bulkhead?: BulkheadOptions | boolean;
  readonly rateLimit?: RateLimitOptions;
  readonly dedupe?: DedupeOptions<F>;
  /** Keeps last good values, used only when a call fails. */
  readonly cache?: CacheOptions<F>;
  /** Throws away what this call reads from (a cache, a parsed file), so that a repeat reads it anew. */
  readonly clearCache?: (error: unknown, ...args: Parameters<F>) => Promise<void> | void;
  /** Drops the connections to the dependency and makes new ones. Runs once for all that fail at the same time. */
  readonly resetConnection?: () => Promise<void>;
  readonly endpoints?: EndpointOptions<F>;
  /** Stands in for the result; a function makes a fresh one. */
  readonly defaultValue?: Result<F> | ((...args: Parameters<F>) => Result<F>);
  readonly queue?: QueueOptions<F>;
  readonly transaction?: TransactionPort;
  /** Default: the process's. */
  readonly environment?: HealingEnvironment;
}
