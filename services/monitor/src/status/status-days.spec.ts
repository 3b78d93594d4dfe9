import { describe, expect, it } from '@jest/globals';
import { DAY_MS, statusDays, uptimeOf } from './status-days.ts';

const NOW = Date.parse('2026-01-05T10:00:00.000Z');
const row = (daysAgo: number, seconds: object) => ({
  ...{ component: 'public:api', up: 0, degraded: 0, down: 0, unknown: 0 },
  startsAt: Math.floor(NOW / DAY_MS) * DAY_MS - daysAgo * DAY_MS,
  ...seconds,
});

describe('the days of a component', () => {
  it('are all there, oldest first, and unknown without a record', () => {
    expect(statusDays([row(1, { up: 90, down: 10 })], 3, NOW)).toEqual([
      { date: '2026-01-03', status: 'unknown', uptime: null },
      { date: '2026-01-04', status: 'warn', uptime: 0.9 },
      { date: '2026-01-05', status: 'unknown', uptime: null },
    ]);
  });

  it.each([
    [{ up: 86_400 }, 'pass'],
    [{ up: 86_000, degraded: 299 }, 'pass'],
    [{ up: 86_000, degraded: 300 }, 'warn'],
    [{ up: 86_000, down: 1 }, 'warn'],
    [{ up: 86_000, down: 300 }, 'fail'],
    [{ unknown: 86_400 }, 'unknown'],
  ])('%j is %s', (seconds, status) => {
    expect(statusDays([row(0, seconds)], 1, NOW)[0]?.status).toBe(status);
  });

  it('have an uptime by the time that was watched', () => {
    expect(uptimeOf([])).toBeNull();
    expect(uptimeOf([row(0, { up: 50, unknown: 1000 }), row(1, { degraded: 25, down: 25 })])).toBe(0.75);
  });
});
