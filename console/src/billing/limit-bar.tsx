import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';

/** Where a partner is told, in percent; the end is the limit itself. */
const MARKS = [50, 80] as const;

/** How much of a limit is used, with marks at 50 and 80 %. `label` says the same in words. */
export function LimitBar({
  percent,
  label,
}: {
  readonly percent: number;
  readonly label: string;
}): ReactNode {
  const shown = Math.min(100, Math.max(0, percent));
  const tone = percent >= 100 ? 'bg-fail-mark' : percent >= 80 ? 'bg-warn-mark' : 'bg-accent';
  return (
    <div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={shown}
        aria-valuemin={0}
        aria-valuemax={100}
        className="relative h-3 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
      >
        <div className={cx('h-full rounded-full', tone)} style={{ width: `${shown}%` }} />
        {MARKS.map((mark) => (
          <span
            key={mark}
            aria-hidden
            className={cx('absolute inset-y-0 w-px', shown > mark ? 'bg-surface' : 'bg-line-strong')}
            style={{ left: `${mark}%` }}
          />
        ))}
      </div>
      <div aria-hidden className="relative mt-1 h-4 text-xs text-faint tabular-nums">
        {MARKS.map((mark) => (
          <span key={mark} className="absolute -translate-x-1/2" style={{ left: `${mark}%` }}>
            {mark} %
          </span>
        ))}
        <span className="absolute right-0">100 %</span>
      </div>
    </div>
  );
}
