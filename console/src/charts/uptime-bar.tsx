import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { formatShare } from '../ui/numbers.ts';
import { STATUS_SHAPES, type Status } from '../ui/status-mark.tsx';
import { formatDay } from '../ui/times.ts';

export interface UptimeDay {
  /** UTC, `2026-11-28`. */
  readonly day: string;
  /** Share of the observed time in which the component worked, 0 to 1; null without observations. */
  readonly up: number | null;
}

const FILLS: Readonly<Record<Status, string>> = {
  pass: 'bg-pass-mark',
  warn: 'bg-warn-mark',
  fail: 'bg-fail-mark',
  unknown: 'bg-unknown-mark/50',
};
const GOOD = 0.999;
const FAIR = 0.99;

export function statusOfDay({ up }: UptimeDay): Status {
  if (up === null) return 'unknown';
  return up >= GOOD ? 'pass' : up >= FAIR ? 'warn' : 'fail';
}

interface UptimeBarProps {
  readonly name: string;
  readonly days: readonly UptimeDay[];
  /** Called to show the hours of a day. */
  readonly onDay?: (day: string) => void;
}

/** One stroke for each day: full height for good, shorter for worse, low for unknown. */
export function UptimeBar({ name, days, onDay }: UptimeBarProps): ReactNode {
  return (
    <ul aria-label={`${name}, ${days.length} days`} className="flex h-8 items-end gap-px">
      {days.map((day) => {
        const status = statusOfDay(day);
        const text = `${formatDay(day.day)}: ${day.up === null ? 'no data' : formatShare(day.up)}`;
        const stroke = (
          <>
            <span aria-hidden className={cx('w-full rounded-1', FILLS[status], HEIGHTS[status])} />
            <span className="sr-only">
              {STATUS_SHAPES[status]} {text}
            </span>
          </>
        );
        return (
          <li key={day.day} title={text} className="flex h-full min-w-0 flex-1 items-end">
            {onDay ? (
              <button type="button" onClick={() => onDay(day.day)} className="flex size-full items-end">
                {stroke}
              </button>
            ) : (
              stroke
            )}
          </li>
        );
      })}
    </ul>
  );
}

const HEIGHTS: Readonly<Record<Status, string>> = {
  pass: 'h-full',
  warn: 'h-3/4',
  fail: 'h-1/2',
  unknown: 'h-1',
};
