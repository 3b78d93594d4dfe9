import type { Report } from './report.ts';

/** The median and the 95th percentile (nearest rank) of the measured values; null when there are none. */
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

const SUMMARY_HEAD = [
  'experiment',
  'passed',
  'observed',
  'verified',
  'first good',
  'longest gap',
  'failed of sent',
];

/** Only the portal itself calls these services: partners should not notice that they are unhealthy. */
const WATCHERS = ['monitor', 'healer'];

/** `docs/SCORECARD.md`: one row per experiment and target, in the order in which they were run. */
export function renderScorecard(reports: readonly Report[], facts: ScorecardFacts): string {
  const rows = groupsOf(reports, ({ experiment, target }) => `${experiment}|${target}`).map(rowOf);
  const summary = groupsOf(reports, kindOf).map(summaryOf);
  const passed = reports.filter((report) => report.passed).length;
  const problems = reports.flatMap((report) =>
    report.problems.map((problem) => `- ${report.experiment} ${report.target ?? ''}: ${problem}`),
  );
  return [
    '# Scorecard',
    '',
    'Made by `npm run chaos -- suite`, against the running portal with 50 requests a second to its gateway.',
    `${facts.date}, ${facts.machine}. ${facts.repeat === 1 ? 'One run' : `${facts.repeat} runs`} of each, and a control run of ${facts.controlSeconds} s.`,
    '',
    `**${passed} of ${reports.length} runs passed**: each fault healed and proven, with exactly one incident and one mail, nothing done without a fault, and every promise kept.`,
    '',
    'Times are ms from the injection: median / 95th percentile, or the one value; – where it did not happen.',
    '*First good*: every kind of request succeeds again. *Longest gap*: without a success on one',
    'route. *Lost writes*: acknowledged and not there afterwards.',
    '',
    '## In short',
    '',
    table(SUMMARY_HEAD, summary),
    '',
    '## Every experiment on every target',
    '',
    table(HEAD, rows),
    ...(problems.length > 0 ? ['', '## What did not pass', '', ...problems] : []),
    '',
  ].join('\n');
}

function groupsOf(reports: readonly Report[], keyOf: (report: Report) => string): Report[][] {
  const groups = new Map<string, Report[]>();
  for (const report of reports) groups.set(keyOf(report), [...(groups.get(keyOf(report)) ?? []), report]);
  return [...groups.values()];
}

function kindOf({ experiment, target }: Report): string {
  const forAny = experiment.startsWith('service-') || experiment === 'connections-cut';
  if (!forAny || target === null) return experiment;
  return `${experiment}, ${WATCHERS.includes(target) ? 'monitor or healer' : 'gateway, auth, billing or support'}`;
}

function summaryOf(runs: readonly Report[]): string[] {
  const [first] = runs as [Report];
  const ms = (pick: (report: Report) => number | null) => cell(spreadOf(runs.map(pick)), runs.length);
  return [
    kindOf(first),
    `${runs.filter((report) => report.passed).length} of ${runs.length}`,
    ms((report) => report.ms.observed),
    ms((report) => report.ms.verified),
    ms((report) => report.ms.first_good_request),
    ms((report) => report.longest_gap_ms),
    failedOfSent(runs),
  ];
}

function rowOf(runs: readonly Report[]): string[] {
  const [first] = runs as [Report];
  const ms = (pick: (report: Report) => number | null) => cell(spreadOf(runs.map(pick)), runs.length);
  const total = (pick: (report: Report) => number) => runs.reduce((sum, report) => sum + pick(report), 0);
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
    failedOfSent(runs),
    String(total((report) => report.acknowledged_writes_lost ?? 0)),
    each(runs.map((report) => report.incidents)),
    each(runs.map((report) => report.mails)),
    [...new Set(runs.flatMap((report) => report.actions))].join(', ') || 'none',
  ];
}

function failedOfSent(runs: readonly Report[]): string {
  const failed = runs.reduce((sum, report) => sum + failedOf(report), 0);
  return `${failed} of ${runs.reduce((sum, report) => sum + report.requests.ok, failed)}`;
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
