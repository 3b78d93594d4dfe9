import { type HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import { type HttpAddress, type HttpResponse, httpCall } from './http-call.ts';

export interface PlatformRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  /** For all attempts together, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * With this key the platform does a repeated request only once. Without it a POST is retried only when the
   * platform surely did not receive it.
   */
  readonly onceKey?: string;
}

interface TimedRequest extends PlatformRequest {
  /** A time of `performance.now()`. */
  readonly until: number;
}

/** A proxy responded that it cannot reach the platform now. */
class Unavailable extends Error {
  override readonly name = 'PlatformUnavailable';
  readonly status: number;
  constructor(readonly response: HttpResponse) {
    super(`the platform responded with ${response.status}`);
    this.status = response.status;
  }
}
const AWAY_STATUSES = [502, 503, 504];

/**
 * Sends requests to a platform. A platform that is just coming back gets a retry, within the request's own
 * time and never longer: the next rung is better than a long wait for a dead platform. Any status is a
 * response; rejects with the socket's error.
 */
export function platformCalls(
  address: HttpAddress,
  environment?: HealingEnvironment,
): (request: PlatformRequest) => Promise<HttpResponse> {
  const call = withSelfHealing(
    async ({ until, ...request }: TimedRequest) => {
      const timeoutMs = Math.max(1, Math.ceil(until - performance.now()));
      const response = await httpCall(address, { ...request, timeoutMs });
      if (AWAY_STATUSES.includes(response.status)) throw new Unavailable(response);
      return response;
    },
    {
      source: 'healer.platform.call',
      category: 'api',
      dependency: 'http',
      dependencyName: 'platform',
      idempotencyKey: ({ method, path, onceKey }) => onceKey ?? (method === 'GET' ? path : undefined),
      remainingMs: ({ until }) => until - performance.now(),
      retry: { attempts: 2, baseMs: 400, capMs: 800, maxRetryAfterMs: 1_000 },
      breaker: { name: 'platform', halfOpenAfterMs: 1_000, closesAfter: 1 },
      bulkhead: false, // the guards limit concurrency, and an act may take seconds
      ...(environment === undefined ? {} : { environment }),
    },
  );
  return async (request) => {
    try {
      return await call({ ...request, until: performance.now() + request.timeoutMs });
    } catch (error) {
      if (error instanceof Unavailable) return error.response;
      throw error;
    }
  };
}
