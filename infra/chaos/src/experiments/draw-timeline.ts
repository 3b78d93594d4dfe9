import type { ProbeRecord } from '../requests/measure-requests.ts';

/** What happened when, in ms from the injection. */
export interface Moment {
  readonly ms: number;
  readonly what: string;
}

const BEFORE_MS = 1000;
const WIDEST = 100;
const SCALES_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000];

/**
 * A picture of the run in text: one row per route, one column per span of time; █ all requests succeeded, ▒
 * some failed, ░ all failed, blank none was sent. Below it the moments. `injectedAt` and `endedAt` as in the
 * records.
 */
export function drawTimeline(
  records: readonly ProbeRecord[],
  moments: readonly Moment[],
  injectedAt: number,
  endedAt: number,
): string {
  const length = endedAt - injectedAt + BEFORE_MS;
  const scale = SCALES_MS.find((ms) => length / ms <= WIDEST) ?? SCALES_MS.at(-1)!;
  const columns = Math.min(WIDEST, Math.ceil(length / scale));
  const routes = [...new Set(records.map(({ route }) => route))].sort();
  const margin = Math.max(0, ...routes.map((route) => route.length));
  const columnOf = (ms: number) => Math.floor((ms + BEFORE_MS) / scale);
  const rows = routes.map((route) => {
    const cells = Array.from({ length: columns }, () => ({ good: 0, bad: 0 }));
    for (const record of records) {
      const cell = record.route === route ? cells[columnOf(record.sentAt - injectedAt)] : undefined;
      if (cell) record.outcome === 'ok' ? cell.good++ : cell.bad++;
    }
    return `${route.padEnd(margin)}  ${bridged(cells.map(cellText).join('')).trimEnd()}`;
  });
  return [
    `${' '.repeat(margin)}  ${axis(columns, columnOf, scale)}`,
    ...rows,
    ...pointers(moments, columnOf, columns).map((line) => `${' '.repeat(margin)}  ${line}`),
  ].join('\n');
}

/** Requests that are due every 100 ms sometimes miss a column: that is no gap. */
const bridged = (row: string): string => row.replace(/(?<=(\S)) (?=\S)/g, '$1');

function cellText({ good, bad }: { good: number; bad: number }): string {
  if (good + bad === 0) return ' ';
  if (bad === 0) return '█';
  return good === 0 ? '░' : '▒';
}

/** Seconds from the injection, written where they fit. */
function axis(columns: number, columnOf: (ms: number) => number, scale: number): string {
  const line = Array.from({ length: columns }, () => ' ');
  const everyMs = scale * 10;
  for (let ms = 0; columnOf(ms) < columns; ms += everyMs) {
    const text = `${ms / 1000}${ms === 0 ? ' s' : ''}`;
    for (const [offset, letter] of [...text].entries()) line[columnOf(ms) + offset] = letter;
  }
  return line.join('').trimEnd();
}

/** One line per moment, with its mark under its column. */
function pointers(moments: readonly Moment[], columnOf: (ms: number) => number, columns: number): string[] {
  return [...moments]
    .sort((a, b) => a.ms - b.ms)
    .map(({ ms, what }) => {
      const column = Math.max(0, Math.min(columns - 1, columnOf(ms)));
      return `${' '.repeat(column)}└ ${Math.round(ms)} ms ${what}`;
    });
}
