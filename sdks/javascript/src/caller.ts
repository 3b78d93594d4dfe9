import { CallMerger, CircuitBreaker, fullJitter } from '@gridworks/resilience/browser';
import { Bulkhead } from './bulkhead.ts';
import type { Operation } from './operation.ts';
import { ConnectionError, NotSentError, PortalError } from './portal-error.ts';
import { readResponse } from './read-response.ts';
import { type LimiterStats, SlidingLimiter } from './sliding-limiter.ts';
import { abortReason, wait } from './wait.ts';

/** The options of the client. Times are in milliseconds; each default is at the end of its comment. */
export interface CallerOptions {
  /**
   * The address of the portal: `https://portal.example.com`. Leave it out in a browser on the portal's own
   * pages.
   */
  readonly baseUrl?: string;
  /**
   * An API key (`pp_live_...`), the token of a session, or a function that returns an access token before each request
   * (`clientCredentials()`). Without a credential the browser sends its session
   * cookie.
   */
  readonly credential?: string | (() => Promise<string>);
  /**
   * The `csrf_token` of a browser session, which every request except reads must send along with the cookie.
   * When left out, the client remembers the token from the response of `browserSessions.create()` or
   * `browserSessions.get()`.
   */
  readonly csrfToken?: string;
  /** The time for one try, from its sending to the end of its response. 30,000. */
  readonly timeoutMs?: number;
  /** The number of repeats after the first try. 3. */
  readonly retries?: number;
  /** The first wait before a repeat; it doubles with each repeat. 1,000. */
  readonly backoffMs?: number;
  /** The longest wait. When the API requires a longer one, the call throws at once. 30,000. */
  readonly longestWaitMs?: number;
  /** The number of requests within any `limitWindowMs`. 100. */
  readonly limit?: number;
  /** The window of `limit`. 60,000. */
  readonly limitWindowMs?: number;
  /** The number of requests under way at once; the others wait. 10. */
  readonly concurrency?: number;
  /** The number of consecutive failures that open the breaker. 5. */
  readonly breakerFailures?: number;
  /** How long the breaker stays open. 60,000. */
  readonly breakerOpenMs?: number;
  /** The number of consecutive successes that close the breaker. 2. */
  readonly breakerSuccesses?: number;
  /** Equal reads that begin within this time share one request. 50; 0 shares none. */
  readonly shareReadsMs?: number;
  /** Headers of each request, for example `Portal-Version`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The `fetch` function. Default: that of the runtime. */
  readonly fetch?: typeof globalThis.fetch;
}

/** The options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * The key under which a write has one effect. Default: a random key for each call, kept for its repeats.
   */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The state of the client. */
export interface ClientStats {
  readonly limiter: LimiterStats;
  readonly active: number;
  readonly waiting: number;
  /** The number of reads that shared the request of another read. */
  readonly shared: number;
  readonly breaker: BreakerStats;
}

/** The breaker: `open` refuses requests, `half-open` lets one request through as a test. */
export interface BreakerStats {
  readonly state: 'closed' | 'open' | 'half-open';
  readonly failuresInARow: number;
  /** Milliseconds until an open breaker lets a request through; 0 otherwise. */
  readonly retryAfterMs: number;
}

/** Disables the rule about the share of failures, so that only consecutive failures count. */
const NO_SHARE = { failureShare: 1, minimumCalls: 1, windowCalls: 1 };
const REPEATABLE_STATUS = (status: number): boolean =>
  status >= 500 || status === 408 || status === 425 || status === 429;

/** Sends operations to the API: limited, queued, guarded by a breaker, and repeated where that is safe. */
export class Caller {
  readonly #options: Required<Omit<CallerOptions, 'credential' | 'csrfToken' | 'fetch'>> & CallerOptions;
  readonly #limiter: SlidingLimiter;
  readonly #bulkhead: Bulkhead;
  readonly #breaker: CircuitBreaker;
  readonly #merger: CallMerger | null;
  #csrfToken: string | undefined;

  constructor(options: CallerOptions = {}) {
    const defaults = {
      baseUrl: (globalThis as { location?: { origin: string } }).location?.origin ?? '',
      timeoutMs: 30_000,
      retries: 3,
      backoffMs: 1000,
      longestWaitMs: 30_000,
      limit: 100,
      limitWindowMs: 60_000,
      concurrency: 10,
      breakerFailures: 5,
      breakerOpenMs: 60_000,
      breakerSuccesses: 2,
      shareReadsMs: 50,
      headers: {},
    };
    this.#options = { ...defaults, ...options };
    const { baseUrl, limit, limitWindowMs, concurrency, shareReadsMs } = this.#options;
    if (baseUrl === '')
      throw new PortalError('baseUrl is missing: set the address of the portal', {
        code: 'CLIENT.NO_BASE_URL',
      });
    this.#limiter = new SlidingLimiter(limit, limitWindowMs);
    this.#bulkhead = new Bulkhead(concurrency);
    this.#breaker = new CircuitBreaker('portal', {
      ...NO_SHARE,
      consecutiveFailures: this.#options.breakerFailures,
      halfOpenAfterMs: this.#options.breakerOpenMs,
      closesAfter: this.#options.breakerSuccesses,
    });
    this.#csrfToken = options.csrfToken;
    this.#merger = shareReadsMs > 0 ? new CallMerger(shareReadsMs) : null;
  }

  /** Resolves with the JSON of the response. Rejects with a PortalError, or with the reason of an aborted signal. */
  call(
    operation: Operation,
    input: Readonly<Record<string, unknown>> = {},
    options: CallOptions = {},
  ): Promise<unknown> {
    const request = this.#requestOf(operation, input, options);
    const canShare = operation.method === 'GET' && !options.signal && !options.headers;
    if (!this.#merger || !canShare) return this.#repeat(operation, request, options.signal);
    return this.#merger.run(request.url, () => this.#repeat(operation, request, undefined));
  }

  stats(): ClientStats {
    return {
      limiter: this.#limiter.stats(),
      active: this.#bulkhead.active,
      waiting: this.#bulkhead.waiting,
      shared: this.#merger?.merged ?? 0,
      breaker: {
        state: this.#breaker.state,
        failuresInARow: this.#breaker.toJSON().consecutive_failures,
        retryAfterMs: this.#breaker.retryAfterMs(),
      },
    };
  }

  /** Sends one request without limiter, breaker and repeats: for health checks and streams. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const { credential } = this.#options;
    const text = typeof credential === 'function' ? await credential() : credential;
    const send = this.#options.fetch ?? globalThis.fetch;
    return send(this.#options.baseUrl + path, {
      credentials: 'same-origin',
      ...init,
      headers: { ...this.#headers(text), ...(init.headers as Record<string, string>) },
    });
  }

  #headers(credential: string | undefined): Record<string, string> {
    const { headers } = this.#options;
    return {
      accept: 'application/json',
      ...headers,
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
    };
  }

  #requestOf(operation: Operation, input: Readonly<Record<string, unknown>>, options: CallOptions) {
    const rest = { ...input };
    const path = operation.path.replace(/:(\w+)/g, (_, name: string) => {
      const value = rest[name];
      delete rest[name];
      return encodeURIComponent(String(value));
    });
    const hasBody = operation.method !== 'GET' && operation.method !== 'DELETE';
    const query = hasBody ? '' : queryOf(rest);
    const headers: Record<string, string> = { ...options.headers };
    if (hasBody) headers['content-type'] = 'application/json';
    if (operation.method !== 'GET' && this.#csrfToken !== undefined && !this.#options.credential)
      headers['csrf-token'] = this.#csrfToken;
    if (operation.idempotent)
      headers['idempotency-key'] = `"${options.idempotencyKey ?? crypto.randomUUID()}"`;
    const init: RequestInit = { method: operation.method, headers };
    return { url: path + query, init: hasBody ? { ...init, body: JSON.stringify(rest) } : init };
  }

  /** The token of a browser session is in the response of its creation and of each read. */
  #remember(value: unknown): void {
    const { object, csrf_token: token } = (value ?? {}) as { object?: unknown; csrf_token?: unknown };
    if (object === 'browser_session' && typeof token === 'string') this.#csrfToken = token;
  }

  async #repeat(
    operation: Operation,
    { url, init }: { url: string; init: RequestInit },
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { retries, backoffMs, longestWaitMs } = this.#options;
    const repeatable = operation.method === 'GET' || operation.idempotent;
    for (let repeat = 0; ; repeat++) {
      try {
        return await this.#bulkhead.run(() => this.#try(url, init, signal), signal);
      } catch (error) {
        if (!(error instanceof PortalError) || !repeatable || repeat >= retries || !isWorthRepeating(error))
          throw error;
        const requestedMs = error.retryAfterMs ?? 0;
        if (requestedMs > longestWaitMs) throw error;
        await wait(Math.max(requestedMs, fullJitter(repeat, backoffMs, longestWaitMs, Math.random)), signal);
      }
    }
  }

  async #try(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<unknown> {
    await this.#admitByLimit(signal);
    const ticket = this.#breaker.closed ? null : this.#breaker.admit();
    if (!this.#breaker.closed && ticket === null)
      throw new NotSentError('The breaker is open: the portal failed several times in a row.', {
        code: 'CLIENT.BREAKER_OPEN',
        retryAfterMs: this.#breaker.retryAfterMs(),
        cause: this.#breaker.lastFailure,
      });
    const trial = ticket !== null;
    try {
      const value = await this.#send(url, init, signal);
      this.#breaker.succeeded(trial);
      return value;
    } catch (error) {
      if (signal?.aborted) this.#breaker.inconclusive(trial);
      else if (isFailureOfPortal(error)) this.#breaker.failed(trial, error);
      else this.#breaker.succeeded(trial);
      throw error;
    }
  }

  /**
   * Waits until the limit permits one more request.
   * @throws NotSentError when that would take too long
   */
  async #admitByLimit(signal: AbortSignal | undefined): Promise<void> {
    for (let waitMs = this.#limiter.take(); waitMs > 0; waitMs = this.#limiter.take()) {
      if (waitMs > this.#options.longestWaitMs)
        throw new NotSentError(
          `This client has sent ${this.#options.limit} requests within the window, which is its limit.`,
          {
            code: 'CLIENT.LIMIT_REACHED',
            retryAfterMs: waitMs,
          },
        );
      await wait(waitMs, signal);
    }
  }

  async #send(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<unknown> {
    const { timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const limits = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const value = await readResponse(await this.fetch(url, { ...init, signal: limits }));
      this.#remember(value);
      return value;
    } catch (error) {
      if (error instanceof PortalError) throw error;
      if (signal?.aborted) throw abortReason(signal);
      if (timeout.aborted)
        throw new ConnectionError(`No response arrived within ${timeoutMs} ms.`, {
          code: 'CLIENT.TIMEOUT',
          cause: error,
        });
      throw new ConnectionError('The portal could not be reached.', {
        code: 'CLIENT.CONNECTION_FAILED',
        cause: error,
      });
    }
  }
}

const isWorthRepeating = ({ status, code }: PortalError): boolean =>
  status === null
    ? code !== 'CLIENT.LIMIT_REACHED' && code !== 'CLIENT.BREAKER_OPEN'
    : REPEATABLE_STATUS(status);

const isFailureOfPortal = (error: unknown): boolean =>
  !(error instanceof PortalError) || error.status === null || error.status >= 500;

/** Undefined members are left out; each element of a list gets its own parameter. */
function queryOf(input: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) query.append(name, String(one));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
