import { createHash } from 'node:crypto';
import { AppError, type ErrorDefinition } from '@gridworks/contracts';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

/** A limiter and the key that it counts by. */
export interface Counted {
  readonly limiter: RateLimiterAbstract;
  readonly key: string;
}

/**
 * Counts one attempt in each limiter. Throws `refusal`, with the time to wait, when one of them had too many.
 * Refused attempts do not prolong a window.
 */
export async function takeAttempt(
  counted: readonly Counted[],
  refusal: ErrorDefinition,
  detail: string,
): Promise<void> {
  const results = await Promise.allSettled(counted.map(({ limiter, key }) => limiter.consume(key)));
  const waits: number[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof RateLimiterRes)) throw result.reason;
    waits.push(result.reason.msBeforeNext);
  }
  if (waits.length > 0) throw new AppError(refusal, { detail, retryAfterMs: Math.max(...waits) });
}

export async function giveBack(counted: readonly Counted[]): Promise<void> {
  await Promise.all(counted.map(({ limiter, key }) => limiter.reward(key)));
}

/** Hashed, so that the store of the counters holds no addresses. */
export function counterKey(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 22);
}
