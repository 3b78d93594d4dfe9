import { createHash } from 'node:crypto';
import { AppError, type ErrorDefinition } from '@gridworks/contracts';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

/** A limiter and what it counts by. */
export interface Counted {
  readonly limiter: RateLimiterAbstract;
  readonly key: string;
}

/**
 * Counts one attempt in each. Throws `refusal`, with the time until it may be tried again, when one of them had too many.
 * Attempts that are refused do not prolong a window.
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

/** Hashed: the counters' store has no business knowing addresses. */
export function counterKey(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 22);
}
