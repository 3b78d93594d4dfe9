import { describe, expect, it } from '@jest/globals';
import { SlidingLimiter } from './sliding-limiter.ts';

describe('SlidingLimiter', () => {
  it('never permits more than the limit in any window', () => {
    let now = 0;
    const limiter = new SlidingLimiter(100, 60_000, () => now);
    const sent: number[] = [];
    // Bursts at the worst moments: just before and just after each whole minute.
    for (const at of [0, 59_990, 60_000, 60_010, 119_990, 120_005, 179_999, 180_001]) {
      now = at;
      for (let n = 0; n < 80; n++) if (limiter.take() === 0) sent.push(at);
    }
    for (const end of sent)
      expect(sent.filter((at) => at > end - 60_000 && at <= end).length).toBeLessThanOrEqual(100);
    expect(sent.length).toBeGreaterThan(200);
  });

  it('returns the time to wait, and what is left', () => {
    let now = 1000;
    const limiter = new SlidingLimiter(2, 60_000, () => now);
    expect(limiter.stats()).toEqual({ limit: 2, windowMs: 60_000, used: 0, remaining: 2, waitMs: 0 });
    limiter.take();
    now = 11_000;
    limiter.take();
    expect(limiter.take()).toBe(50_000);
    expect(limiter.stats()).toMatchObject({ used: 2, remaining: 0, waitMs: 50_000 });
    now = 61_000;
    expect(limiter.take()).toBe(0);
  });
});
