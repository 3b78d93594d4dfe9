import type { HealthHistory } from '@gridworks/sdk';
import type { UptimeStep } from '../charts/uptime-bar.tsx';

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** For how long monitor keeps hours, and single checks with their times. */
export const HOURS_KEPT_DAYS = 35;
export const CHECKS_KEPT_DAYS = 7;
const BAR_DAYS = 90;

type Step = HealthHistory['steps'][number];
export interface HistoryRange {
  readonly from: string;
  readonly to: string;
  readonly step: 'day' | 'hour' | 'minute';
}

const range = (step: HistoryRange['step'], from: number, to: number): HistoryRange => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  step,
});

/** The last ninety days, UTC, with the present one. */
export function barRange(now: number): HistoryRange {
  const end = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  return range('day', end - BAR_DAYS * DAY_MS, end);
}

/** The hours of a day, UTC, such as `2026-11-28`. */
export function hoursOf(day: string): HistoryRange {
  const start = Date.parse(`${day}T00:00:00Z`);
  return range('hour', start, start + DAY_MS);
}

/** The last 24 hours with the present one. */
export function lastDay(now: number): HistoryRange {
  const end = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  return range('hour', end - DAY_MS, end);
}

/** The minutes of the hour that begins at a moment. */
export const minutesOf = (hour: string): HistoryRange =>
  range('minute', Date.parse(hour), Date.parse(hour) + HOUR_MS);

/** The last sixty minutes, with the present one. The same value within a minute. */
export function lastHour(now: number): HistoryRange {
  const end = (Math.floor(now / 60_000) + 1) * 60_000;
  return range('minute', end - HOUR_MS, end);
}

/** The strokes of a bar, without those to come. Time that nobody watched counts neither way. */
export const uptimeSteps = (
  steps: readonly Step[],
  now: number,
  labelOf: (at: string) => string,
): UptimeStep[] =>
  steps
    .filter(({ at }) => Date.parse(at) <= now)
    .map(({ at, up, degraded, down }) => {
      const watched = up + degraded + down;
      return {
        at,
        label: labelOf(at),
        up: watched === 0 ? null : (up + degraded) / watched,
        degraded: watched === 0 ? 0 : degraded / watched,
      };
    });

/** Of all steps together: the share of the watched time in which it worked, null when nobody watched; and how many were watched. */
export function uptimeOf(steps: readonly Step[]): { readonly up: number | null; readonly watched: number } {
  const seen = steps.filter(({ unknown }) => unknown < 1);
  const sum = (part: (step: Step) => number) => seen.reduce((all, step) => all + part(step), 0);
  const watched = sum(({ up, degraded, down }) => up + degraded + down);
  return {
    up: watched === 0 ? null : sum(({ up, degraded }) => up + degraded) / watched,
    watched: seen.length,
  };
}

/** The service or server that incidents name, of a component: `billing` of `service:billing-2`; null when there is none. */
export const incidentNameOf = (component: string): string | null =>
  /^(?:service|server|http):([a-z]+)/.exec(component)?.[1] ?? null;
