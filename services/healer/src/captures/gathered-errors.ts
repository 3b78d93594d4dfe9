import type { CapturedError, IncidentError } from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import { type CaptureState, SEVERITIES } from '../incidents/capture-state.ts';
import { groupOf, severityOf } from './capture-policy.ts';

/** How many different errors an incident shows; further ones are only counted. */
export const MAX_ERRORS = 20;
const MAX_KINDS = 20;
const MAX_SEEN = 200;
const MAX_STEPS = 6;
const MESSAGE = 300;
const REASON = 200;

/** Errors of one group, which become an incident or are added to one. */
export interface GatheredErrors {
  readonly state: CaptureState;
  readonly errors: readonly IncidentError[];
}

/** Makes a group of one capture. Texts are redacted once more, then cut: they come from another process. */
export function gather(process: string, capture: CapturedError, now: number): GatheredErrors {
  const severity = severityOf(capture);
  const healed = severity === 'healed' ? capture.count : capture.healed;
  const receivedAt = new Date(now).toISOString();
  return {
    state: {
      group: groupOf(process, capture),
      dependency: capture.dependency,
      severity,
      culprit: capture.fingerprint,
      occurrences: capture.count,
      healed,
      kinds: { [capture.kind]: { count: capture.count, healed, by: strategyOf(capture) } },
      unlisted: 0,
      seen: [capture.id],
      first_at: capture.first_at,
      last_at: capture.last_at,
      received_at: receivedAt,
      unhealed_since: severity === 'healed' ? null : receivedAt,
      worse_at: receivedAt,
      mail: 'none',
    },
    errors: [truncate(process, { ...capture, healed })],
  };
}

export const isWorse = (one: CaptureState, other: CaptureState): boolean =>
  SEVERITIES.indexOf(one.severity) > SEVERITIES.indexOf(other.severity);

/** Merges errors of the same group. Further errors never lower the severity. */
export function mergeGathered(one: GatheredErrors, more: GatheredErrors): GatheredErrors {
  const [a, b] = [one.state, more.state];
  const worse = isWorse(b, a);
  const errors = [...one.errors];
  let unlisted = a.unlisted + b.unlisted;
  for (const error of more.errors) {
    const index = errors.findIndex(
      ({ fingerprint, source }) => fingerprint === error.fingerprint && source === error.source,
    );
    if (index >= 0) errors[index] = addOccurrences(errors[index] as IncidentError, error);
    else if (errors.length < MAX_ERRORS) errors.push(error);
    else unlisted++;
  }
  const since = [a.unhealed_since, b.unhealed_since].filter((time) => time !== null).sort();
  return {
    errors,
    state: {
      ...a,
      severity: worse ? b.severity : a.severity,
      culprit: worse ? b.culprit : a.culprit,
      worse_at: worse ? b.worse_at : a.worse_at,
      occurrences: a.occurrences + b.occurrences,
      healed: a.healed + b.healed,
      kinds: mergeKinds(a.kinds, b.kinds),
      unlisted,
      seen: [...a.seen, ...b.seen].slice(-MAX_SEEN),
      first_at: earliest(a.first_at, b.first_at),
      last_at: latest(a.last_at, b.last_at),
      received_at: latest(a.received_at, b.received_at),
      unhealed_since: since[0] ?? null,
    },
  };
}

const inOrder = (one: string, other: string) => [one, other].sort((a, b) => Date.parse(a) - Date.parse(b));
const earliest = (one: string, other: string): string => inOrder(one, other)[0] as string;
const latest = (one: string, other: string): string => inOrder(one, other)[1] as string;

/** The strategy that healed most, else the one that was tried, else the one that was decided. */
function strategyOf({ outcomes, strategy }: CapturedError): string {
  const tried = Object.entries(outcomes).sort(([, a], [, b]) => b.healed - a.healed || b.failed - a.failed);
  return tried[0]?.[0] ?? strategy;
}

function addOccurrences(error: IncidentError, more: IncidentError): IncidentError {
  const outcomes = { ...error.outcomes };
  for (const [name, { healed, failed }] of Object.entries(more.outcomes)) {
    const strategy = name as IncidentError['strategy'];
    const before = outcomes[strategy] ?? { healed: 0, failed: 0 };
    outcomes[strategy] = { healed: before.healed + healed, failed: before.failed + failed };
  }
  return {
    ...error,
    outcomes,
    count: error.count + more.count,
    healed: error.healed + more.healed,
    first_at: earliest(error.first_at, more.first_at),
    last_at: latest(error.last_at, more.last_at),
  };
}

function mergeKinds(a: CaptureState['kinds'], b: CaptureState['kinds']): CaptureState['kinds'] {
  const kinds = { ...a };
  for (const [kind, { count, healed, by }] of Object.entries(b)) {
    const before = kinds[kind];
    if (before) kinds[kind] = { count: before.count + count, healed: before.healed + healed, by: before.by };
    else if (Object.keys(kinds).length < MAX_KINDS) kinds[kind] = { count, healed, by };
  }
  return kinds;
}

function truncate(process: string, capture: CapturedError): IncidentError {
  const { id: _id, error, steps, ...rest } = capture;
  return {
    ...rest,
    process,
    why: cut(rest.why, REASON),
    rule: cut(rest.rule, 100),
    error: {
      name: cut(error.name, 100),
      code: error.code && cut(error.code, 100),
      message: cut(error.message, MESSAGE),
    },
    steps: steps.slice(0, MAX_STEPS).map((step) => ({ ...step, why: cut(step.why, REASON) })),
  };
}

/**
 * Puts a text on one line, redacts it and cuts it. Secrets are redacted before the cut, so that none is cut
 * in half and then missed. They are redacted both before and after lines are joined: some secrets end with
 * their line, others match only without the characters between.
 */
export function cut(text: string, length: number): string {
  const oneLine = redactText(text)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const clean = redactText(oneLine).toWellFormed();
  return clean.length <= length ? clean : `${clean.slice(0, length - 1).toWellFormed()}…`;
}
