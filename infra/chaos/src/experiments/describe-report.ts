import type { Report } from './report.ts';

/** A report in sentences, for people. */
export function describeReport(report: Report): string {
  const { ms, requests, usage } = report;
  const failed = Object.entries(requests.failed).map(([outcome, count]) => `${count} × ${outcome}`);
  const at = (value: number | null) => (value === null ? 'never' : `${value} ms`);
  return [
    verdict(report),
    ...report.problems.map((problem) => `  ! ${problem}`),
    row('requests', `${requests.ok} good, ${failed.length > 0 ? failed.join(', ') : 'none failed'}`),
    row(
      'longest gap',
      `${report.longest_gap_ms} ms on one route; the last request that failed: ${at(report.last_failure_ms)}`,
    ),
    row('first good', at(ms.first_good_request)),
    row('incident', incidentText(report)),
    row('actions', report.actions.join(', ') || 'none'),
    row('mail', mailText(report)),
    row('promises', promisesText(report.acknowledged_writes_lost, usage)),
    ...report.notes.map((note) => `  ${note}`),
  ].join('\n');
}

function verdict({ passed, healed, target, experiment }: Report): string {
  if (target === null)
    return passed ? 'Nothing was done, as it should be.' : 'Something was done without a fault.';
  if (passed) return `Healed: ${experiment} ${target}.`;
  return healed
    ? `Healed, but not as promised: ${experiment} ${target}.`
    : `Not healed: ${experiment} ${target}.`;
}

function incidentText({ incident_id: id, decided_by: by, ms }: Report): string {
  if (id === null) return 'none';
  const steps = (['observed', 'decided', 'acted', 'verified'] as const).map(
    (step) => `${step} ${ms[step] ?? '–'}`,
  );
  return `${id}${by ? `, decided by the ${by}` : ''} (ms: ${steps.join(', ')})`;
}

function mailText({ mailed, mails, mails_from: from }: Report): string {
  return `${mailed ? 'one' : mails}${from === 'incidents' ? ', by what incidents say (SMTP_URL is set)' : ''}`;
}

function promisesText(lost: number | null, usage: Report['usage']): string {
  if (lost === null || usage === null) return 'could not be read';
  const { answered, ambiguous, counted } = usage;
  return `${lost} acknowledged writes lost; ${counted} calls counted, ${answered} answered, ${ambiguous} unknown`;
}

const row = (name: string, text: string): string => `  ${name.padEnd(12)} ${text}`;
