import type { Report } from './report.ts';

/** The middle value and the 95th percentile (nearest rank) of what was measured; null when nothing was. */
export interface Spread {
  readonly median: number | null;
  readonly p95: number | null;
}

export function spreadOf(values: readonly (number | null)[]): Spread {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return { median: null, p95: null };
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle)
    ? (sorted[middle - 1]! + sorted[middle]!) / 2
    : sorted[Math.floor(middle)]!;
  return { median: Math.round(median), p95: sorted[Math.ceil(sorted.length * 0.95) - 1]! };
}

export interface ScorecardFacts {
  /** `2026-11-01` */
  readonly date: string;
  /** `2 cores, 8 GB, Linux` */
  readonly machine: string;
  readonly repeat: number;
  readonly controlSeconds: number;
}

const HEAD = [
  'experiment',
  'target',
  'passed',
  'observed',
  'decided',
  'acted',
  'verified',
  'first good',
  'longest gap',
  'failed of sent',
  'lost writes',
  'incidents',
  'mails',
  'actions',
];

/** `docs/SCORECARD.md`: a row an experiment and target, in the order in which they were run. */
export function renderScorecard(reports: readonly Report[], facts: ScorecardFacts): string {
  const groups = new Map<string, Report[]>();
  for (const report of reports) {
    const key = `${report.experiment}|${report.target ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  const rows = [...groups.values()].map(rowOf);
  const passed = reports.filter((report) => report.passed).length;
  const problems = reports.flatMap((report) =>
    report.problems.map((problem) => `- ${report.experiment} ${report.target ?? ''}: ${problem}`),
  );
  return [
    '# Scorecard',
    '',
    'Made by `npm run chaos -- suite`, against the running portal with 50 requests a second through its door.',
    `${facts.date}, ${facts.machine}; ${facts.repeat === 1 ? 'one run' : `${facts.repeat} runs`} each, the control run`,
    `${facts.controlSeconds} s. **${passed} of ${reports.length} runs passed**: healed and proven, with exactly one incident`,
    'and one mail, and every promise kept.',
    '',
    `Times are ms from the injection${facts.repeat === 1 ? '' : ', median / 95th percentile'}; – where it did not happen.`,
    '*First good*: every kind of request has been answered well again. *Longest gap*: without a good answer on one',
    'route. *Lost writes*: acknowledged and not there afterwards.',
    '',
    table(HEAD, rows),
    ...(problems.length > 0 ? ['', '## What did not pass', '', ...problems] : []),
    '',
  ].join('\n');
}

function rowOf(runs: readonly Report[]): string[] {
  const [first] = runs as [Report];
  const ms = (pick: (report: Report) => number | null) => cell(spreadOf(runs.map(pick)), runs.length);
  const total = (pick: (report: Report) => number) => runs.reduce((sum, report) => sum + pick(report), 0);
  const failed = total((report) => failedOf(report));
  const passed = runs.filter((report) => report.passed).length;
  const each = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b).join(', ');
  return [
    first.experiment,
    first.target ?? '–',
    runs.length === 1 ? (passed ? 'yes' : '**no**') : `${passed} of ${runs.length}`,
    ms((report) => report.ms.observed),
    ms((report) => report.ms.decided),
    ms((report) => report.ms.acted),
    ms((report) => report.ms.verified),
    ms((report) => report.ms.first_good_request),
    ms((report) => report.longest_gap_ms),
    `${failed} of ${failed + total((report) => report.requests.ok)}`,
    String(total((report) => report.acknowledged_writes_lost ?? 0)),
    each(runs.map((report) => report.incidents)),
    each(runs.map((report) => report.mails)),
    [...new Set(runs.flatMap((report) => report.actions))].join(', ') || 'none',
  ];
}

const failedOf = (report: Report): number =>
  Object.values(report.requests.failed).reduce((sum, count) => sum + count, 0);

function cell({ median, p95 }: Spread, runs: number): string {
  if (median === null) return '–';
  return runs === 1 ? String(median) : `${median} / ${p95}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
