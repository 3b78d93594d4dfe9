import type { statusDaySchema } from '@gridworks/contracts';
import type { z } from 'zod';
import type { Rollup } from '../health/rollup.repository.ts';

export type StatusDay = z.output<typeof statusDaySchema>;
type Seconds = Pick<Rollup, 'up' | 'degraded' | 'down'>;

export const DAY_MS = 86_400_000;
/** How long a component must be down, or degraded, within a day for the day to count as such, in seconds. */
const NOTICEABLE_S = 300;

/** The share of the watched time in which the component was not down; null when no time was watched. */
export function uptimeOf(rows: readonly Seconds[]): number | null {
  const down = rows.reduce((sum, row) => sum + row.down, 0);
  const watched = rows.reduce((sum, row) => sum + row.up + row.degraded + row.down, 0);
  return watched === 0 ? null : (watched - down) / watched;
}

/** `count` days, the last of which holds `now` (ms since the epoch), from the days' records of one component. */
export function statusDays(rows: readonly Rollup[], count: number, now: number): StatusDay[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_one, index) => {
    const startsAt = today - (count - 1 - index) * DAY_MS;
    const row = rows.find((one) => one.startsAt === startsAt);
    return {
      date: new Date(startsAt).toISOString().slice(0, 10),
      status: dayStatus(row),
      uptime: row ? uptimeOf([row]) : null,
    };
  });
}

function dayStatus(row: Seconds | undefined): StatusDay['status'] {
  if (!row || uptimeOf([row]) === null) return 'unknown';
  if (row.down >= NOTICEABLE_S) return 'fail';
  return row.down > 0 || row.degraded >= NOTICEABLE_S ? 'warn' : 'pass';
}
