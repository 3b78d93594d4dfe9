import { describe, expect, it } from '@jest/globals';
import { forecastUsage } from './forecast-usage.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const end = new Date('2026-12-01T00:00:00.000Z');
const DAYS_LEFT = 9.5;

describe('the forecast of usage', () => {
  it('continues at the average of the last seven whole days', () => {
    const pace = {
      used: 1000,
      included: 10_000,
      lastDays: 700,
      today: 999,
      firstCallAt: new Date('2026-01-01'),
    };
    expect(forecastUsage(pace, end, now)).toEqual({ calls: 1000 + 100 * DAYS_LEFT, usedUpOn: null });
  });

  it('uses the whole days since the first call when there are fewer', () => {
    const pace = {
      used: 300,
      included: 10_000,
      lastDays: 200,
      today: 100,
      firstCallAt: new Date('2026-11-19'),
    };
    expect(forecastUsage(pace, end, now).calls).toBe(300 + 100 * DAYS_LEFT);
  });

  it('uses today while there is no whole day, and at least an hour of it', () => {
    const since = (firstCallAt: string) => ({
      ...{ used: 60, included: 10_000, lastDays: 0, today: 60 },
      firstCallAt: new Date(firstCallAt),
    });
    expect(forecastUsage(since('2026-11-21T06:00:00.000Z'), end, now).calls).toBe(60 + 240 * DAYS_LEFT);
    expect(forecastUsage(since('2026-11-21T11:59:59.000Z'), end, now).calls).toBe(60 + 1440 * DAYS_LEFT);
  });

  it('returns when the included calls are used up', () => {
    const pace = { used: 500, included: 1000, lastDays: 1750, today: 0, firstCallAt: new Date('2026-01-01') };
    expect(forecastUsage(pace, end, now).usedUpOn).toBe('2026-11-23');
    expect(forecastUsage({ ...pace, used: 1200 }, end, now).usedUpOn).toBe('2026-11-21');
  });

  it('is zero without a call', () => {
    const pace = { used: 0, included: 10_000, lastDays: 0, today: 0, firstCallAt: null };
    expect(forecastUsage(pace, end, now)).toEqual({ calls: 0, usedUpOn: null });
  });
});
