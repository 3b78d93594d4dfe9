import { describe, expect, it } from '@jest/globals';
import type { ModelCaps } from './model-settings.ts';
import { charge, correct, NOTHING_SPENT, overCap } from './spend.ts';

const now = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR = 3_600_000;
const caps: ModelCaps = {
  callsPerHour: 2,
  tokensPerDay: 1_000,
  usdPerDay: 1,
  usdPerMillionIn: 1_000,
  usdPerMillionOut: 2_000,
};
const tokens = (input: number, output: number) => ({ input, output });

describe('what asking the model may use up', () => {
  it('is a number of calls an hour, wherever the hour begins', () => {
    const one = charge(NOTHING_SPENT, tokens(1, 1), caps, now);
    const two = charge(one, tokens(1, 1), caps, now + 1_000);
    expect(overCap(one, tokens(1, 1), caps, now)).toBeNull();
    expect(overCap(two, tokens(1, 1), caps, now + 2_000)).toEqual({
      cap: 'calls_per_hour',
      until: now + HOUR,
    });
    expect(overCap(two, tokens(1, 1), caps, now + HOUR)).toBeNull();
  });

  it('is a number of tokens a day, counted before they are used', () => {
    const free = { ...caps, usdPerDay: 1e9 };
    const spend = charge(NOTHING_SPENT, tokens(200, 100), free, now);
    const midnight = Date.parse('2026-11-23T00:00:00.000Z');
    expect(overCap(spend, tokens(600, 100), free, now)).toBeNull();
    expect(overCap(spend, tokens(600, 101), free, now)).toEqual({ cap: 'tokens_per_day', until: midnight });
    expect(overCap(spend, tokens(600, 101), free, midnight)).toBeNull();
  });

  it('is money a day, input and output at their prices', () => {
    const dear = { ...caps, tokensPerDay: 1e9 };
    const spend = charge(NOTHING_SPENT, tokens(500, 100), dear, now);
    expect(spend.usd).toBeCloseTo(0.7);
    expect(overCap(spend, tokens(100, 100), dear, now)).toBeNull();
    expect(overCap(spend, tokens(100, 101), dear, now)?.cap).toBe('cost_per_day');
  });

  it('is what was really used, once that is known, and never less than nothing', () => {
    const spend = charge(NOTHING_SPENT, tokens(500, 100), caps, now);
    const known = correct(spend, '2026-11-22', tokens(500, 100), tokens(100, 10), caps, now);
    expect(known).toMatchObject({ tokens: 110, calls: [now] });
    expect(known.usd).toBeCloseTo(0.12);
    expect(correct(NOTHING_SPENT, '2026-11-22', tokens(9, 9), tokens(0, 0), caps, now).tokens).toBe(0);
  });

  it('counts on the day on which it becomes known', () => {
    const spend = charge(NOTHING_SPENT, tokens(500, 100), caps, now);
    const tomorrow = now + 24 * HOUR;
    expect(correct(spend, '2026-11-22', tokens(500, 100), tokens(50, 50), caps, tomorrow)).toMatchObject({
      day: '2026-11-23',
      tokens: 100,
    });
  });
});
