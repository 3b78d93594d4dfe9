import { fullJitter } from '../healing/backoff.ts';
import type { FailedCall } from '../healing/failed-call.ts';
import { retryAfterOf } from '../healing/retry-after.ts';
import { cannotRepeat, repeatAfterWaits, repeatLimits } from './repeat-after-waits.ts';
import type { Strategy } from './strategy.ts';

/** When no wait was requested: the first bound; limits are usually per second. */
const UNSAID_MS = 1_000;

function missing(call: FailedCall): string | null {
  const forbidden = cannotRepeat(call);
  const limits = repeatLimits(call);
  if (forbidden !== null || limits === null) return forbidden;
  const requested = retryAfterOf(call.error, Date.now()) ?? 0;
  if (requested > limits.maxRetryAfterMs)
    return `the requested wait of ${Math.round(requested)} ms is over the allowed ${limits.maxRetryAfterMs} ms`;
  if (requested >= call.leftMs())
    return `the requested wait of ${Math.round(requested)} ms is longer than the caller’s time`;
  return null;
}

/**
 * Waits as long as the other side requested (`Retry-After`), and up to a tenth longer, so that callers who
 * were refused together do not return together.
 */
export const rateLimitBackoff: Strategy = {
  name: 'RATE_LIMIT_BACKOFF',
  needs: 'a call that may be repeated, and a wait that the caller has time for',
  missing,
  async run(call) {
    const limits = repeatLimits(call)!;
    const { random } = call.site.environment;
    return repeatAfterWaits(call, limits.attempts, (n) => {
      const requested = retryAfterOf(call.latestError, Date.now());
      if (requested === undefined) return fullJitter(n, UNSAID_MS, limits.maxRetryAfterMs, random);
      if (requested > limits.maxRetryAfterMs) return null;
      return requested + random() * Math.min(requested * 0.1, Math.max(0, call.leftMs() - requested - 1));
    });
  },
};
