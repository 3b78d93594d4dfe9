import type { Incident } from '@gridworks/sdk';

export type TimelineEntry = Incident['timeline'][number];
export type TimelineRow =
  | { readonly kind: 'entry'; readonly entry: TimelineEntry; readonly sinceStartMs: number }
  /** Consecutive entries of one kind: `12 symptoms joined`. */
  | {
      readonly kind: 'group';
      readonly what: TimelineEntry['what'];
      readonly entries: readonly TimelineEntry[];
      readonly sinceStartMs: number;
    }
  /** A long time without entries. */
  | { readonly kind: 'gap'; readonly ms: number; readonly after: string };

const GAP_MS = 30_000;
const GROUP_FROM = 4;

/**
 * The rows of a timeline: four and more consecutive entries of one kind become one row, and half a minute or
 * more without entries becomes a gap.
 */
export function timelineRows(timeline: readonly TimelineEntry[]): TimelineRow[] {
  const start = Date.parse(timeline[0]?.at ?? '');
  const rows: TimelineRow[] = [];
  for (let i = 0; i < timeline.length; ) {
    const entry = timeline[i] as TimelineEntry;
    const before = timeline[i - 1];
    const idle = before ? Date.parse(entry.at) - Date.parse(before.at) : 0;
    if (before && idle >= GAP_MS) rows.push({ kind: 'gap', ms: idle, after: before.at });
    let next = i + 1;
    while (next < timeline.length && sameRun(timeline[next - 1], timeline[next])) next++;
    const entries = timeline.slice(i, next);
    const sinceStartMs = Date.parse(entry.at) - start;
    if (entries.length >= GROUP_FROM) rows.push({ kind: 'group', what: entry.what, entries, sinceStartMs });
    else
      for (const one of entries)
        rows.push({ kind: 'entry', entry: one, sinceStartMs: Date.parse(one.at) - start });
    i = next;
  }
  return rows;
}

function sameRun(left: TimelineEntry | undefined, right: TimelineEntry | undefined): boolean {
  return left?.what === right?.what && Date.parse(right?.at ?? '') - Date.parse(left?.at ?? '') < GAP_MS;
}
