import { fullJitter } from '../healing/backoff.ts';
import { retryAfterOf } from '../healing/retry-after.ts';
import { cannotRepeat, repeatAfterWaits, repeatLimits } from './repeat-after-waits.ts';
import type { Strategy } from './strategy.ts';

/**
 * Calls again after a short random wait that may double each time. A temporary fault is usually over by then.
 */
export const retryWithBackoff: Strategy = {
  name: 'RETRY_WITH_BACKOFF',
  needs:
    'an idempotent call, an idempotency key, or a failure after which it certainly did not happen; retry budget',
  missing: cannotRepeat,
  async run(call) {
    const limits = repeatLimits(call)!;
    return repeatAfterWaits(call, limits.attempts, (n) => {
      const wait = fullJitter(n, limits.baseMs, limits.capMs, call.site.environment.random);
      const requested = retryAfterOf(call.latestError, Date.now()) ?? 0;
      return requested > limits.maxRetryAfterMs ? null : Math.max(wait, requested);
    });
  },
};
