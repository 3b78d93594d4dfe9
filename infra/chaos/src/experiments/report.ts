import type { Incident } from '@gridworks/contracts';
import type { RequestFigures } from '../requests/measure-requests.ts';
import type { Promises } from '../requests/verify-promises.ts';
import type { Moment } from './draw-timeline.ts';

/** The object that `--json` prints. Times are ms from the injection, null where it did not happen. */
export interface Report {
  readonly experiment: string;
  readonly target: string | null;
  /**
   * The fault is gone, this was verified, and partners' requests succeed again; for `none`: nothing was done.
   */
  readonly healed: boolean;
  readonly decided_by: string | null;
  readonly ms: {
    readonly observed: number | null;
    readonly decided: number | null;
    readonly acted: number | null;
    readonly verified: number | null;
    readonly first_good_request: number | null;
  };
  readonly requests: { readonly ok: number; readonly failed: Readonly<Record<string, number>> };
  readonly longest_gap_ms: number;
  /** `platform.restart billing` */
  readonly actions: readonly string[];
  readonly incident_id: string | null;
  /** Exactly one message about the incident was sent. */
  readonly mailed: boolean;
  /** Healed, with exactly one incident and one mail, and every promise kept. Decides the exit status. */
  readonly passed: boolean;
  /** The reasons why the run did not pass; empty when it did. */
  readonly problems: readonly string[];
  readonly incidents: number;
  readonly mails: number;
  /** Where mails were counted: in the local sink, or, with SMTP_URL, by `mailed_at` of the incidents. */
  readonly mails_from: 'sink' | 'incidents';
  /** Who reported the symptom: `monitor`, or `healer` for what monitor cannot see. */
  readonly observed_by: string | null;
  readonly last_failure_ms: number | null;
  readonly acknowledged_writes_lost: number | null;
  readonly usage: Promises['usage'] | null;
  /** What this experiment alone has to say, in lines for people. */
  readonly notes: readonly string[];
}

/** The findings of a run. Times are epoch ms. */
export interface Findings {
  readonly experiment: string;
  readonly target: string | null;
  /** Not a single request may fail. */
  readonly unnoticed?: boolean;
  readonly injectedAt: number;
  readonly incident: Incident | null;
  readonly incidents: readonly Incident[];
  readonly mails: number;
  readonly mailsFrom: Report['mails_from'];
  readonly mailsAboutIncident: number;
  readonly requests: RequestFigures;
  /** All routes respond successfully in the end. */
  readonly servedInTheEnd: boolean;
  /** The target, or for `none` everything, runs. */
  readonly runs: boolean;
  readonly promises: Promises | null;
  readonly brokenPromises: readonly string[];
  readonly notes: readonly string[];
}

export function makeReport(found: Findings): Report {
  const { incident, incidents, requests } = found;
  const control = found.target === null;
  const actions = incidents.flatMap(actionsOf);
  const since = (at: string | null | undefined) =>
    at ? Math.round(Date.parse(at) - found.injectedAt) : null;
  const verified = since(momentOf(incident, 'verified'));
  const healed = control
    ? incidents.length === 0 && actions.length === 0 && found.mails === 0
    : incident?.status === 'resolved' && verified !== null && found.servedInTheEnd && found.runs;
  const problems = [
    ...(control ? controlProblems(found, actions) : faultProblems(found)),
    ...found.brokenPromises,
  ];
  return {
    experiment: found.experiment,
    target: found.target,
    healed,
    decided_by: incident?.decided_by ?? null,
    ms: {
      observed: since(incident?.observed_at),
      decided: since(momentOf(incident, 'decided')),
      acted: since(momentOf(incident, 'acted')),
      verified,
      first_good_request: round(requests.firstGoodMs),
    },
    requests: { ok: requests.ok, failed: requests.failed },
    longest_gap_ms: Math.round(requests.longestGapMs),
    actions,
    incident_id: incident?.id ?? null,
    mailed: found.mailsAboutIncident === 1,
    passed: healed && problems.length === 0,
    problems,
    incidents: incidents.length,
    mails: found.mails,
    mails_from: found.mailsFrom,
    observed_by: observerOf(incident),
    last_failure_ms: round(requests.lastFailureMs),
    acknowledged_writes_lost: found.promises?.tickets.lost ?? null,
    usage: found.promises?.usage ?? null,
    notes: found.notes,
  };
}

/** The moments of a run, for the picture. */
export function momentsOf(report: Report): Moment[] {
  const { ms } = report;
  const by = report.decided_by ? ` by the ${report.decided_by}` : '';
  const seen = report.observed_by ? ` by ${report.observed_by}` : '';
  const moments: [number | null, string][] = [
    [0, report.target ? `${report.experiment} ${report.target}` : 'begin'],
    [ms.observed, `observed${seen}`],
    [ms.decided, `decided${by}`],
    [ms.acted, report.actions.join(', ')],
    [ms.first_good_request, 'first good request on every route'],
    [ms.verified, 'verified'],
  ];
  return moments.flatMap(([at, what]) => (at === null ? [] : [{ ms: at, what }]));
}

function actionsOf(incident: Incident): string[] {
  return incident.actions
    .filter(({ state }) => state !== 'suggested')
    .map(({ remedy, target }) => `${remedy} ${target.process}`);
}

/** The evidence of the healer's own symptoms says so; any other symptom was reported by monitor. */
function observerOf(incident: Incident | null): string | null {
  const first = incident?.symptoms[0];
  if (!first) return null;
  const { seen_by } = first.evidence;
  return typeof seen_by === 'string' ? seen_by : 'monitor';
}

function momentOf(incident: Incident | null, what: Incident['timeline'][number]['what']): string | undefined {
  return incident?.timeline.find((entry) => entry.what === what)?.at;
}

function faultProblems(found: Findings): string[] {
  const { incident, incidents } = found;
  const problems: string[] = [];
  if (incidents.length === 0) problems.push('no incident was recorded');
  if (incidents.length > 1)
    problems.push(`${incidents.length} incidents for one fault: ${titles(incidents)}`);
  if (incident && incident.status !== 'resolved') problems.push(`the incident is ${incident.status}`);
  if (found.mails !== 1) problems.push(`${found.mails} mails instead of one`);
  else if (found.mailsAboutIncident !== 1) problems.push('the mail is not about the incident');
  if (!found.runs) problems.push(`${found.target} is not running`);
  const others = Object.entries(found.requests.failed).filter(([outcome]) => outcome !== '503');
  // Only requests to a killed gateway may fail in other ways.
  if (others.length > 0 && found.target !== 'gateway') {
    problems.push(
      `requests failed in other ways than with 503: ${JSON.stringify(Object.fromEntries(others))}`,
    );
  }
  if (found.unnoticed && others.length < Object.keys(found.requests.failed).length)
    problems.push(
      `requests failed that nothing should have disturbed: ${JSON.stringify(found.requests.failed)}`,
    );
  if (!found.servedInTheEnd) problems.push('not every route succeeds in the end');
  return problems;
}

function controlProblems(
  { incidents, mails, requests, runs }: Findings,
  actions: readonly string[],
): string[] {
  const problems: string[] = [];
  if (incidents.length > 0)
    problems.push(`${incidents.length} incidents without a fault: ${titles(incidents)}`);
  if (actions.length > 0) problems.push(`actions without a fault: ${actions.join(', ')}`);
  if (mails > 0) problems.push(`${mails} mails without a fault`);
  if (Object.keys(requests.failed).length > 0) {
    problems.push(`requests failed without a fault: ${JSON.stringify(requests.failed)}`);
  }
  if (!runs) problems.push('a process was restarted or ended');
  return problems;
}

const titles = (incidents: readonly Incident[]): string =>
  incidents.map(({ title }) => `"${title}"`).join(', ');

const round = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
