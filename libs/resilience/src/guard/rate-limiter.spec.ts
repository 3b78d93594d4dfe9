import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallRateLimiter } from './rate-limiter.ts';

describe('RateLimiter', () => {
  it('never lets through more than its burst and its rate, and returns the wait for the next call', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 100 }), (pauses) => {
        let now = 0;
        const limiter = new CallRateLimiter({ perSecond: 10, burst: 5 }, () => now);
        let passed = 0;
        for (const pause of pauses) {
          now += pause;
          const wait = limiter.take();
          if (wait === 0) passed++;
          else {
            expect(wait).toBeLessThanOrEqual(100);
            now += wait;
            expect(limiter.take()).toBe(0);
            passed++;
          }
          expect(passed).toBeLessThanOrEqual(5 + now / 100 + 1e-6);
        }
      }),
    );
  });

  it('refuses an invalid rate', () => {
    expect(() => new CallRateLimiter({ perSecond: 0 })).toThrow(RangeError);
  });
});
