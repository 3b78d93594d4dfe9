import { memo, type ReactNode, useMemo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Moment } from '../ui/moment.tsx';
import { STATUS_SHAPES, STATUS_TEXT, type Status } from '../ui/status-mark.tsx';
import { formatDuration } from '../ui/times.ts';
import { type TimelineEntry, type TimelineRow, timelineRows } from './timeline-rows.ts';

type TimelineGroup = Extract<TimelineRow, { readonly kind: 'group' }>;

const TONES: Readonly<Record<TimelineEntry['what'], Status | 'plain'>> = {
  began: 'fail',
  observed: 'warn',
  joined: 'plain',
  decided: 'plain',
  guarded: 'warn',
  intended: 'plain',
  acted: 'warn',
  verifying: 'plain',
  verified: 'pass',
  'not-verified': 'fail',
  resolved: 'pass',
  escalated: 'fail',
  notified: 'plain',
  reopened: 'fail',
};
/** The number of rows that are rendered at once; a button shows more. */
const WINDOW = 200;
/** So many rows more come with each press of the button: few enough for one task of the browser. */
const MORE = 100;

/** The timeline, row by row. Idle time is folded; rows of consecutive entries open on demand. */
export function Timeline({ timeline }: { readonly timeline: readonly TimelineEntry[] }): ReactNode {
  const rows = useMemo(() => timelineRows(timeline), [timeline]);
  return (
    <Windowed rows={rows} className="border-s border-line ps-0">
      {(row) => <Row key={keyOf(row)} row={row} />}
    </Windowed>
  );
}

interface WindowedProps<T> {
  readonly rows: readonly T[];
  readonly className?: string;
  readonly children: (row: T, index: number) => ReactNode;
}

/** The first rows of a list, and a button that shows more of them. */
function Windowed<T>({ rows, className, children }: WindowedProps<T>): ReactNode {
  const [shown, setShown] = useState(WINDOW);
  return (
    <>
      <ol className={className}>{rows.slice(0, shown).map(children)}</ol>
      {rows.length > shown && (
        <Button size="sm" className="mt-3" onClick={() => setShown(shown + MORE)}>
          Show {Math.min(MORE, rows.length - shown)} more of {rows.length - shown}
        </Button>
      )}
    </>
  );
}

const keyOf = (row: TimelineRow): string =>
  row.kind === 'gap'
    ? `gap ${row.after}`
    : row.kind === 'group'
      ? `group ${row.entries[0]?.at} ${row.what}`
      : `${row.entry.at} ${row.entry.what} ${row.entry.text}`;

/** Rows that are shown already stay as they are when more of them come. */
const Row = memo(({ row }: { readonly row: TimelineRow }): ReactNode => {
  if (row.kind === 'gap')
    return (
      <li className="py-1.5 ps-5 text-xs text-faint">
        <span aria-hidden>⋮ </span>
        {formatDuration(row.ms)} without an event
      </li>
    );
  if (row.kind === 'entry') return <Entry entry={row.entry} sinceStartMs={row.sinceStartMs} />;
  return <Group group={row} />;
});

/** Entries of one kind. They are rendered once the group is open: there may be thousands of them. */
function Group({ group }: { readonly group: TimelineGroup }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="ps-5">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="cursor-pointer py-1 text-sm text-muted">
          {group.entries.length} times {group.what}, from {since(group.sinceStartMs)}
        </summary>
        {isOpen && (
          <Windowed rows={group.entries}>
            {(entry, index) => <Entry key={index} entry={entry} sinceStartMs={null} />}
          </Windowed>
        )}
      </details>
    </li>
  );
}

const since = (ms: number): string => `+${(ms / 1000).toFixed(2)} s`;

function Entry({
  entry,
  sinceStartMs,
}: {
  readonly entry: TimelineEntry;
  readonly sinceStartMs: number | null;
}): ReactNode {
  const tone = TONES[entry.what];
  return (
    <li className="relative grid grid-cols-[5.5rem_1fr_auto] items-baseline gap-x-3 py-1 ps-5 max-sm:grid-cols-[5rem_1fr]">
      <span
        aria-hidden
        className={cx(
          'absolute -start-[0.4rem] top-2.5 bg-surface text-[0.6rem] leading-none',
          tone === 'plain' ? 'text-faint' : STATUS_TEXT[tone],
        )}
      >
        {tone === 'plain' ? '○' : STATUS_SHAPES[tone]}
      </span>
      <span className="text-sm font-medium">{entry.what}</span>
      <span className="min-w-0 break-words">{entry.text}</span>
      <span className="text-xs text-faint tabular-nums max-sm:hidden">
        {sinceStartMs !== null && <span className="me-3">{since(sinceStartMs)}</span>}
        <Moment at={entry.at} precision="time" />
      </span>
    </li>
  );
}
