import { type IncidentError, newId, type ServiceName, type Target } from '@gridworks/contracts';
import { describeSpan } from '../incidents/describe.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, type Instant, instant, revise } from '../incidents/revision.ts';
import type { CaptureState } from './capture-state.ts';
import { explainDecision, explainKind, explainSteps, quoteError, titleOf } from './describe-errors.ts';
import { type GatheredErrors, isWorse, MAX_ERRORS, mergeGathered } from './gathered-errors.ts';

/** Milliseconds; set by `HEALER_CAPTURES_*`. */
export interface CaptureLimits {
  /** Nobody is told before this: what is behind the errors is seen a few seconds after the first of them. */
  readonly holdMs: number;
  /** Nothing came for so long: it is over. */
  readonly quietMs: number;
  /** What should pass by itself and has not by then goes to a human. */
  readonly escalateMs: number;
  /** What comes back so soon after its end is the same incident. */
  readonly recurrenceMs: number;
}
export const DEFAULT_CAPTURE_LIMITS: CaptureLimits = {
  holdMs: 5000,
  quietMs: 30_000,
  escalateMs: 120_000,
  recurrenceMs: 60_000,
};

export interface OpenCapturedOptions {
  readonly id?: string;
  readonly now: Instant;
  readonly holdUntil: Instant;
  readonly traceparent: string | null;
  readonly traceId: string | null;
  readonly experiment: string | null;
}

/** What an incident of caught errors has gathered. */
export const gatheredOf = ({ incident, captured }: IncidentRecord): GatheredErrors => ({
  errors: incident.errors,
  state: captured as CaptureState,
});

/** The error that made it so bad, or the first of all. */
export function culpritOf({ errors, state }: GatheredErrors): IncidentError {
  return errors.find(({ fingerprint }) => fingerprint === state.culprit) ?? (errors[0] as IncidentError);
}

/** A new incident of a process that tells of its own calls. Held back, so nobody knows of it yet. */
export function openCaptured(
  service: ServiceName,
  process: string,
  gathered: GatheredErrors,
  options: OpenCapturedOptions,
): IncidentRecord {
  const target: Target = { kind: 'service', name: service, process };
  const cause = { signal: 'errors.captured' as const, target };
  const { first_at } = gathered.state;
  return {
    incident: {
      object: 'incident',
      id: options.id ?? newId('incident', options.now),
      status: 'open',
      title: titleOf(process, gathered.state, culpritOf(gathered)),
      cause,
      began_at: first_at,
      observed_at: instant(options.now),
      resolved_at: null,
      decided_by: null,
      rule: null,
      actions: [],
      symptoms: [],
      errors: [...gathered.errors],
      timeline: [{ at: first_at, what: 'began', text: `${process} caught the first of these errors.` }],
      mailed_at: null,
      trace_id: options.traceId,
      experiment: options.experiment,
      revision: 1,
    },
    hold_until: instant(options.holdUntil),
    patient: cause,
    rung: 0,
    rung_action: null,
    gave_up: false,
    merged_into: null,
    traceparent: options.traceparent,
    mail: null,
    captured: gathered.state,
    joined_errors: [],
    write_id: '',
  };
}

/** Whether these happened before the incident was over, and tell nothing new: they only come late. */
export function isPartOfEnded(
  { captured, incident }: IncidentRecord,
  { errors, state }: GatheredErrors,
): boolean {
  if (!captured || incident.resolved_at === null) return false;
  if (Date.parse(state.last_at) > Date.parse(incident.resolved_at)) return false;
  if (Date.parse(state.first_at) < Date.parse(incident.began_at)) return false;
  const known = new Set(incident.errors.map(({ fingerprint }) => fingerprint));
  const nothingNew = !isWorse(state, captured) && errors.every(({ fingerprint }) => known.has(fingerprint));
  return state.severity === 'healed' || nothingNew;
}

/** Takes further errors of the same group in. What comes after the end opens it again, unless it was healed. */
export function addErrors(record: IncidentRecord, more: GatheredErrors, now: Instant): IncidentRecord {
  const before = record.captured as CaptureState;
  if (more.state.seen.every((id) => before.seen.includes(id))) return record;
  const merged = mergeGathered(gatheredOf(record), more);
  const { incident } = record;
  const changes = {
    errors: [...merged.errors],
    title: titleOf(incident.cause.target.process, merged.state, culpritOf(merged)),
  };
  const ended = incident.status === 'resolved';
  const comesBack =
    ended && record.merged_into === null && more.state.severity !== 'healed' && !isPartOfEnded(record, more);
  if (!comesBack) {
    // Numbers alone are no news: everybody is told of them with what happens next.
    const counted = { ...record, incident: { ...incident, ...changes }, captured: merged.state };
    return decided(counted, before, now);
  }
  const reopened = revise(
    record,
    { ...changes, status: 'open', resolved_at: null },
    [entry(now, 'reopened', `It came back: ${tally(more)}`)],
    { captured: { ...merged.state, unhealed_since: more.state.unhealed_since } },
  );
  return decided(reopened, before, now);
}

/** No cause behind it showed itself: it is told, with what was decided and tried. */
export function publishCaptured(record: IncidentRecord, now: Instant): IncidentRecord {
  if (record.hold_until === null) return record;
  const gathered = gatheredOf(record);
  const observed = entry(Date.parse(record.incident.observed_at), 'observed', tally(gathered));
  return revise(
    record,
    deciderOf(culpritOf(gathered)),
    [observed, ...explanation(culpritOf(gathered), now)],
    { hold_until: null },
  );
}

/**
 * What follows by now from what is written: over, still going on, or a human's. Answers the same record when nothing
 * does. Quiet counts only from when this healer has listened.
 */
export function settleCaptured(
  record: IncidentRecord,
  limits: CaptureLimits,
  now: Instant,
  listeningSince: Instant,
): IncidentRecord {
  const state = record.captured;
  if (!state || record.hold_until !== null || record.incident.status === 'resolved') return record;
  if (state.severity === 'healed') {
    const text = `The process itself healed all ${state.occurrences} of them; no caller noticed.`;
    return revise(record, { status: 'resolved', resolved_at: instant(now) }, [entry(now, 'resolved', text)]);
  }
  const quietFor = now - Math.max(Date.parse(state.heard_at), listeningSince);
  const escalated = record.incident.status === 'escalated';
  if (!escalated && state.severity === 'lasting') {
    if (now - Date.parse(state.worse_at) < limits.holdMs) return record;
    return escalateCaptured(record, `This does not pass by itself: ${tally(gatheredOf(record))}`, now);
  }
  if (quietFor >= limits.quietMs) {
    const text = `Nothing more of it for ${describeSpan(limits.quietMs)}. ${tally(gatheredOf(record))}`;
    return revise(record, { status: 'resolved', resolved_at: instant(now) }, [entry(now, 'resolved', text)]);
  }
  const since = now - Date.parse(state.unhealed_since ?? state.heard_at);
  if (escalated || since < limits.escalateMs) return record;
  return escalateCaptured(
    record,
    `It should have passed by itself and has not within ${describeSpan(limits.escalateMs)}: ${tally(gatheredOf(record))}`,
    now,
  );
}

/** Too many go on at once: the oldest is no longer followed. */
export function giveUpFollowing(record: IncidentRecord, now: Instant): IncidentRecord {
  if (record.incident.status === 'resolved') return record;
  const text = 'Too many incidents of caught errors go on at once; this one is no longer followed.';
  return revise(record, { status: 'resolved', resolved_at: instant(now) }, [entry(now, 'resolved', text)]);
}

/** The same error was mailed within a day: the incident says so instead of a mail. */
export function withholdMail(record: IncidentRecord, id: string, now: Instant): IncidentRecord {
  if (record.captured?.mail !== 'due' || record.mail) return record;
  const text = `Nobody is mailed: the same error was, within the last day, for incident ${id}.`;
  return revise(record, {}, [entry(now, 'guarded', text)], {
    captured: { ...record.captured, mail: 'withheld' },
  });
}

/** Tells in the incident of a process or server what became of calls that failed because of it; each kind once. */
export function joinErrors(
  record: IncidentRecord,
  service: string,
  process: string,
  { errors, state }: GatheredErrors,
  now: Instant,
): IncidentRecord {
  const fresh = Object.entries(state.kinds).filter(
    ([kind]) => !record.joined_errors.includes(joinKey(service, state.dependency, kind)),
  );
  if (fresh.length === 0) return record;
  const kinds = new Set(fresh.map(([kind]) => kind));
  const added = errors.filter(({ kind }) => kinds.has(kind));
  return revise(
    record,
    { errors: [...record.incident.errors, ...added].slice(0, MAX_ERRORS) },
    fresh.map(([kind, numbers]) =>
      entry(now, 'joined', explainKind(process, state.dependency, kind, numbers)),
    ),
    {
      joined_errors: [
        ...record.joined_errors,
        ...fresh.map(([kind]) => joinKey(service, state.dependency, kind)),
      ],
    },
  );
}

export const joinKey = (service: string, dependency: string | null, kind: string): string =>
  `${service}|${dependency ?? '-'}|${kind}`;

/** `billing healed 3 of 12 failed calls to postgres (timeout) by RETRY_WITH_BACKOFF.`, a sentence for each kind. */
function tally({ errors, state }: GatheredErrors): string {
  const process = errors[0]?.process ?? state.group.split('|')[0] ?? '';
  const kinds = Object.entries(state.kinds)
    .slice(0, 3)
    .map(([kind, numbers]) => explainKind(process, state.dependency, kind, numbers));
  const others = Object.keys(state.kinds).length - kinds.length;
  return [...kinds, ...(others > 0 ? [`${others} more kinds of error.`] : [])].join(' ');
}

/** Something worse than before came into a public incident: what was decided about that is told, too. */
function decided(record: IncidentRecord, before: CaptureState, now: Instant): IncidentRecord {
  const gathered = gatheredOf(record);
  if (record.hold_until !== null || gathered.state.culprit === before.culprit) return record;
  const culprit = culpritOf(gathered);
  return revise(record, deciderOf(culprit), explanation(culprit, now));
}

const deciderOf = ({ decided_by, rule }: IncidentError) => ({
  decided_by: decided_by === 'none' ? null : decided_by,
  rule,
});

function explanation(culprit: IncidentError, now: Instant) {
  return [
    entry(now, 'observed', `Caught at ${culprit.source}: ${quoteError(culprit)}`),
    entry(now, 'decided', explainDecision(culprit)),
    ...explainSteps(culprit).map((text) => entry(now, 'acted', text)),
  ];
}

function escalateCaptured(record: IncidentRecord, reason: string, now: Instant): IncidentRecord {
  const captured = record.captured as CaptureState;
  return revise(record, { status: 'escalated' }, [entry(now, 'escalated', reason)], {
    captured: { ...captured, mail: captured.mail === 'none' ? 'due' : captured.mail },
  });
}
