import { describe, expect, it } from '@jest/globals';
import { DAY_MS, statusDays, uptimeOf } from './status-days.ts';

const TODAY = Date.parse('2026-01-05T00:00:00.000Z');
const DAY_S = 86_400;
const row = (daysAgo: number, seconds: object) => ({
  ...{ component: 'public:api', up: 0, degraded: 0, down: 0, unknown: 0 },
  startsAt: TODAY - daysAgo * DAY_MS,
  ...seconds,
});
/** At a moment of today, with a record that began long before. */
const daysAt = (now: number, rows: ReturnType<typeof row>[], count: number, began = TODAY - 30 * DAY_MS) =>
  statusDays(rows, count, now, began);
const END = TODAY + DAY_MS - 1;

describe('the days of a component', () => {
  it('are all there, oldest first, and unknown without a record', () => {
    const rows = [row(1, { up: 0.9 * DAY_S, down: 0.1 * DAY_S })];
    expect(daysAt(END, rows, 3).map(({ day }) => day)).toEqual([
      { date: '2026-01-03', status: 'unknown', uptime: null, no_data_seconds: DAY_S },
      { date: '2026-01-04', status: 'fail', uptime: 0.9, no_data_seconds: 0 },
      { date: '2026-01-05', status: 'unknown', uptime: null, no_data_seconds: DAY_S - 60 },
    ]);
  });

  it.each([
    [{ up: DAY_S }, 'pass'],
    [{ up: DAY_S - 299, degraded: 299 }, 'pass'],
    [{ up: DAY_S - 300, degraded: 300 }, 'warn'],
    [{ up: DAY_S - 1, down: 1 }, 'warn'],
    [{ up: DAY_S - 300, down: 300 }, 'fail'],
    [{ unknown: DAY_S }, 'unknown'],
    [{ up: DAY_S - 299 }, 'pass'],
    [{ up: DAY_S - 300 }, 'unknown'],
    [{ up: 3600, down: 300 }, 'fail'],
  ])('%j is %s', (seconds, status) => {
    expect(daysAt(END, [row(1, seconds)], 2)[0]?.day.status).toBe(status);
  });

  it('never count time without data as good', () => {
    const off = daysAt(END, [row(1, { up: DAY_S / 4 })], 2)[0]!;
    expect(off.day).toMatchObject({ uptime: 0.25, no_data_seconds: 0.75 * DAY_S });
    const days = daysAt(END, [row(3, { up: DAY_S }), row(1, { up: DAY_S })], 4, TODAY - 3 * DAY_MS);
    // Two days of four, of which the last has a minute that may not be written yet.
    expect(uptimeOf(days)).toBeCloseTo((2 * DAY_S) / (4 * DAY_S - 60), 6);
  });

  it('have no gap before the first record, nor in the minute that may not be written yet', () => {
    const noon = TODAY + DAY_MS / 2;
    const days = daysAt(noon, [row(0, { up: 3600 })], 90, noon - 3_600_000);
    expect(days.at(-1)?.day).toMatchObject({ status: 'pass', uptime: 1, no_data_seconds: 0 });
    expect(days.slice(0, -1).every(({ noData }) => noData === 0)).toBe(true);
    expect(uptimeOf(days)).toBe(1);
    const late = daysAt(noon, [row(0, { up: 3600 })], 1, noon - 3_600_000 - 600_000);
    expect(late[0]?.day).toMatchObject({ status: 'unknown', no_data_seconds: 540 });
  });

  it('have no uptime without any record', () => {
    expect(uptimeOf(statusDays([], 90, END, null))).toBeNull();
    expect(statusDays([], 1, END, null)[0]?.day).toMatchObject({ uptime: null, no_data_seconds: 0 });
  });
});
