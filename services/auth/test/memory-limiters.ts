import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Limiters } from '../src/throttling/redis-limiters.ts';

/** Limiters that count in memory. */
export const memoryLimiters = (): Limiters => ({
  of: ({ name, points, seconds }) => new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
});
