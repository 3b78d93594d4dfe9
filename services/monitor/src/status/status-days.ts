import type { statusDaySchema } from '@gridworks/contracts';
import type { z } from 'zod';
import type { Rollup } from '../health/rollup.repository.ts';

export type StatusDay = z.output<typeof statusDaySchema>;

export const DAY_MS = 86_400_000;
/**
 * How long a component must be down, degraded or without data within a day for the day to count as such, in seconds.
 */
const NOTICEABLE_S = 300;
/** The last moments may not be written yet: they are no gap. Longer than the time between two writes, in ms. */
const UNWRITTEN_MS = 60_000;

/** A day of one component in seconds: how long it worked, how long it was down, and how long nothing is known. */
export interface WatchedDay {
  readonly worked: number;
  readonly down: number;
  readonly noData: number;
  readonly day: StatusDay;
}

/**
 * The share of the time in which the component is known to have worked: time without data is never counted as good.
 * Null when there is no record at all.
 */
export function uptimeOf(days: readonly WatchedDay[]): number | null {
  const sum = (read: (day: WatchedDay) => number) => days.reduce((total, day) => total + read(day), 0);
  const worked = sum((day) => day.worked);
  const known = worked + sum(({ down }) => down);
  return known === 0 ? null : worked / (known + sum(({ noData }) => noData));
}

/**
 * `count` days, the last of which holds `now`, from the days' records of one component. `began`: when anything was first
 * recorded; what lies before is no gap. Times in ms since the epoch.
 */
export function statusDays(
  rows: readonly Rollup[],
  count: number,
  now: number,
  began: number | null,
): WatchedDay[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_one, index) => {
    const startsAt = today - (count - 1 - index) * DAY_MS;
    const row = rows.find((one) => one.startsAt === startsAt);
    const from = Math.max(startsAt, began ?? now);
    const to = Math.min(startsAt + DAY_MS, now - UNWRITTEN_MS);
    return watchedDay(startsAt, row, Math.max(0, to - from) / 1000);
  });
}

/** `passedS`: the seconds of the day that should have a record. */
function watchedDay(startsAt: number, row: Rollup | undefined, passedS: number): WatchedDay {
  const { up, degraded, down } = row ?? { up: 0, degraded: 0, down: 0 };
  const worked = up + degraded;
  const known = worked + down;
  const noData = Math.max(0, passedS - known);
  const status =
    known === 0
      ? 'unknown'
      : down >= NOTICEABLE_S
        ? 'fail'
        : noData >= NOTICEABLE_S
          ? 'unknown'
          : down > 0 || degraded >= NOTICEABLE_S
            ? 'warn'
            : 'pass';
  return {
    worked,
    down,
    noData,
    day: {
      date: new Date(startsAt).toISOString().slice(0, 10),
      status,
      uptime: known === 0 ? null : worked / (known + noData),
      no_data_seconds: Math.round(noData),
    },
  };
}
