/** The state of one partner after the storm. Counts of calls and tickets. */
export interface PartnerOutcome {
  readonly sent: readonly { readonly subject: string; readonly id: string | null }[];
  /** Every ticket in the partner's list. */
  readonly found: readonly { readonly subject: string; readonly id: string }[];
  readonly usage: { readonly answered: number; readonly ambiguous: number; readonly counted: number };
}

export interface StormObservations {
  readonly seed: number;
  readonly seconds: number;
  readonly kills: readonly { readonly atMs: number; readonly target: string }[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly brokenRepeats: readonly string[];
  readonly partners: readonly PartnerOutcome[];
  readonly incidents: readonly {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly process: string;
  }[];
  readonly mails: readonly { readonly subject: string; readonly incidentId: string | null }[];
  /** Processes that did not run in the end. */
  readonly down: readonly string[];
}

export interface StormReport {
  readonly passed: boolean;
  readonly problems: readonly string[];
  readonly seed: number;
  readonly seconds: number;
  readonly kills: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly tickets: {
    readonly acknowledged: number;
    readonly lost: number;
    readonly duplicated: number;
    readonly unknown: number;
  };
  readonly usage: { readonly answered: number; readonly ambiguous: number; readonly counted: number };
  readonly incidents: number;
  readonly mails: { readonly auto_resolved: number; readonly action_needed: number };
}

/** Outcomes that a storm may cause: successes, "retry later" with a time, and connections that a kill cut. */
const ALLOWED = /^(2\d\d|503|409 \S+|timeout|ECONN\w+|EPIPE)$/;

/**
 * Compares the observations with the promises. `problems` describes each broken promise; empty means passed.
 */
export function judgeStorm(seen: StormObservations): StormReport {
  const problems: string[] = [];
  for (const [outcome, count] of Object.entries(seen.outcomes))
    if (!ALLOWED.test(outcome)) problems.push(`${count} requests ended with ${outcome}`);
  for (const one of seen.brokenRepeats) problems.push(`one Idempotency-Key opened two tickets: ${one}`);
  const tickets = { acknowledged: 0, lost: 0, duplicated: 0, unknown: 0 };
  const usage = { answered: 0, ambiguous: 0, counted: 0 };
  for (const partner of seen.partners) {
    const counts = countTickets(partner);
    for (const key of ['acknowledged', 'lost', 'duplicated', 'unknown'] as const) tickets[key] += counts[key];
    for (const key of ['answered', 'ambiguous', 'counted'] as const) usage[key] += partner.usage[key];
    const { answered, ambiguous, counted } = partner.usage;
    if (counted < answered) problems.push(`${counted} calls are counted, and ${answered} were answered`);
    if (counted > answered + ambiguous)
      problems.push(`${counted} calls are counted, and at most ${answered + ambiguous} were made`);
  }
  if (tickets.lost > 0) problems.push(`${tickets.lost} acknowledged tickets are lost`);
  if (tickets.duplicated > 0) problems.push(`${tickets.duplicated} tickets exist more than once`);
  if (tickets.unknown > 0) problems.push(`${tickets.unknown} tickets exist that no client sent`);
  for (const { title, status } of seen.incidents)
    if (status !== 'resolved') problems.push(`the incident "${title}" is ${status} in the end`);
  problems.push(...mailProblems(seen));
  if (seen.down.length > 0) problems.push(`not running in the end: ${seen.down.join(', ')}`);
  return {
    passed: problems.length === 0,
    problems,
    seed: seen.seed,
    seconds: seen.seconds,
    kills: countBy(seen.kills, ({ target }) => target),
    requests: seen.outcomes,
    tickets,
    usage,
    incidents: seen.incidents.length,
    mails: {
      auto_resolved: seen.mails.filter(({ subject }) => subject.includes('[AUTO-RESOLVED]')).length,
      action_needed: seen.mails.filter(isActionNeeded).length,
    },
  };
}

function countTickets({ sent, found }: PartnerOutcome) {
  const ids = new Map<string, string[]>();
  for (const { subject, id } of found) ids.set(subject, [...(ids.get(subject) ?? []), id]);
  const acknowledged = sent.filter(({ id }) => id !== null);
  const subjects = new Set(sent.map(({ subject }) => subject));
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter(({ subject, id }) => !ids.get(subject)?.includes(id!)).length,
    duplicated: [...ids.values()].filter((several) => several.length > 1).length,
    unknown: [...ids.keys()].filter((subject) => !subjects.has(subject)).length,
  };
}

const isActionNeeded = ({ subject }: { subject: string }): boolean => subject.includes('[ACTION NEEDED]');

/**
 * No mail is sent twice; and for each process at most one mail requires a human: that the process keeps
 * ending.
 */
function mailProblems({ mails, incidents }: StormObservations): string[] {
  const problems: string[] = [];
  const perIncident = countBy(
    mails,
    ({ subject, incidentId }) => `${incidentId} ${isActionNeeded({ subject })}`,
  );
  const twice = Object.values(perIncident).filter((count) => count > 1).length;
  if (twice > 0) problems.push(`${twice} mails came more than once`);
  const processOf = new Map(incidents.map(({ id, process }) => [id, process]));
  const requesting = countBy(
    mails.filter(isActionNeeded),
    ({ incidentId }) => processOf.get(incidentId ?? '') ?? 'unknown',
  );
  for (const [process, count] of Object.entries(requesting))
    if (count > 1) problems.push(`${count} mails said ACTION NEEDED for ${process}`);
  return problems;
}

function countBy<T>(all: readonly T[], keyOf: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1;
  return counts;
}
