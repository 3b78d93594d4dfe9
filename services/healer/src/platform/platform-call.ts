import { type HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import { type HttpAddress, type HttpResponse, httpCall } from './http-call.ts';

export interface PlatformRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  /** For all attempts together, in milliseconds. */
  readonly timeoutMs: number;
  /** By this the platform does a repeat once only. Without it a POST is repeated only when it surely was not heard. */
  readonly onceKey?: string;
}

interface TimedRequest extends PlatformRequest {
  /** Of `performance.now()`. */
  readonly until: number;
}

/** Something between us and the platform answered that it cannot reach it now. */
class Unavailable extends Error {
  override readonly name = 'PlatformUnavailable';
  readonly status: number;
  constructor(readonly response: HttpResponse) {
    super(`the platform answered ${response.status}`);
    this.status = response.status;
  }
}
const AWAY_STATUSES = [502, 503, 504];

/**
 * Asks a platform. One that is just coming back is asked again, within the question's own time and never longer: the
 * next rung is better than a long wait for a dead platform. Any status is an answer; rejects with the socket's error.
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
      bulkhead: false, // how much is done at once is what the guards decide, and an act may take seconds
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
