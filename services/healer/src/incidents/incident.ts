import {
  type Incident,
  type IncidentAction,
  newId,
  type RemedyName,
  type Symptom,
  type Target,
} from '@gridworks/contracts';
import { describeTrouble } from './describe.ts';
import type { IncidentRecord, MailClaim, Patient } from './incident-record.ts';

/** Epoch milliseconds. Every function here takes the time, none reads a clock. */
type Instant = number;
type Entry = Incident['timeline'][number];

/** Beyond these an incident only counts: one record must stay far below the 1 MB of a NATS message. */
export const MAX_SYMPTOMS = 20;
export const MAX_TIMELINE = 200;
const alwaysKept: readonly Entry['what'][] = ['intended', 'acted', 'resolved', 'escalated', 'notified'];

/** A change that the state of the incident forbids. Always a fault of ours, never of the input. */
export class IncidentStateError extends Error {
  override readonly name = 'IncidentStateError';
}

export const instant = (at: Instant): string => new Date(at).toISOString();

function next(
  record: IncidentRecord,
  incident: Partial<Incident>,
  entries: readonly Entry[],
  rest: Partial<Omit<IncidentRecord, 'incident'>> = {},
): IncidentRecord {
  const before = record.incident;
  const kept = before.timeline.length < MAX_TIMELINE;
  const added = entries.filter(({ what }) => kept || alwaysKept.includes(what));
  return {
    ...record,
    ...rest,
    incident: {
      ...before,
      ...incident,
      timeline: [...before.timeline, ...added],
      revision: before.revision + 1,
    },
  };
}

const entry = (at: Instant, what: Entry['what'], text: string): Entry => ({ at: instant(at), what, text });
/** Once a human was asked it stays `escalated`, whatever goes on, until it is resolved. */
const going = (record: IncidentRecord, status: Incident['status']): Incident['status'] =>
  record.incident.status === 'escalated' ? 'escalated' : status;

export interface OpenOptions {
  readonly now: Instant;
  /** Keep it back until then; null makes it public at once. */
  readonly holdUntil: Instant | null;
  readonly traceparent: string | null;
  readonly traceId: string | null;
  readonly experiment: string | null;
}

/** A new incident of which this symptom is the first sign. */
export function openIncident(symptom: Symptom, options: OpenOptions): IncidentRecord {
  const trouble = describeTrouble(symptom.signal, symptom.target);
  const cause: Patient = { signal: symptom.signal, target: symptom.target };
  const timeline = [
    {
      at: symptom.began_at,
      what: 'began' as const,
      text: `Last sign that ${symptom.target.process} was well.`,
    },
    { at: symptom.observed_at, what: 'observed' as const, text: `It was seen that ${trouble}.` },
  ];
  if (options.holdUntil !== null)
    timeline[1]!.text += ` Waiting until ${instant(options.holdUntil)} whether a cause behind it shows itself.`;
  return {
    incident: {
      object: 'incident',
      id: newId('incident', options.now),
      status: 'open',
      title: trouble,
      cause,
      began_at: symptom.began_at,
      observed_at: symptom.observed_at,
      resolved_at: null,
      decided_by: null,
      rule: null,
      actions: [],
      symptoms: [symptom],
      timeline,
      mailed_at: null,
      trace_id: options.traceId,
      experiment: options.experiment,
      revision: 1,
    },
    hold_until: options.holdUntil === null ? null : instant(options.holdUntil),
    patient: cause,
    rung: 0,
    rung_action: null,
    gave_up: false,
    merged_into: null,
    traceparent: options.traceparent,
    mail: null,
    write_id: '',
  };
}

/** Whether this very message was taken in before. A firing symptom is also known by its clearing. */
export function knowsSymptom(record: IncidentRecord, symptom: Symptom): boolean {
  return record.incident.symptoms.some(
    ({ id, state }) => id === symptom.id && (state === symptom.state || state === 'cleared'),
  );
}

/** Takes a further symptom of the same cause in, or the end of one that is known. */
export function joinSymptom(record: IncidentRecord, symptom: Symptom, now: Instant): IncidentRecord {
  if (knowsSymptom(record, symptom)) return record;
  const { symptoms } = record.incident;
  const trouble = describeTrouble(symptom.signal, symptom.target);
  if (symptom.state === 'cleared')
    return next(record, { symptoms: symptoms.map((one) => (one.id === symptom.id ? symptom : one)) }, [
      entry(now, 'joined', `No longer seen: ${trouble}.`),
    ]);
  return next(record, { symptoms: symptoms.length < MAX_SYMPTOMS ? [...symptoms, symptom] : symptoms }, [
    entry(now, 'joined', `Of the same cause: ${trouble}.`),
  ]);
}

/** The wait for a cause behind it is over: the incident becomes public. */
export function publishHeld(record: IncidentRecord, now: Instant): IncidentRecord {
  if (record.hold_until === null) return record;
  return next(record, {}, [entry(now, 'joined', 'No other cause showed itself.')], { hold_until: null });
}

/** The cause is another one than was thought: the incident goes on under it, with that one's ladder. */
export function rediagnose(record: IncidentRecord, symptom: Symptom, now: Instant): IncidentRecord {
  const cause: Patient = { signal: symptom.signal, target: symptom.target };
  const trouble = describeTrouble(symptom.signal, symptom.target);
  const { symptoms } = record.incident;
  const known = symptoms.some(({ id }) => id === symptom.id);
  return next(
    record,
    {
      cause,
      title: trouble,
      rule: null,
      decided_by: null,
      symptoms: known || symptoms.length >= MAX_SYMPTOMS ? symptoms : [...symptoms, symptom],
    },
    [entry(now, 'joined', `The cause behind it showed itself: ${trouble}.`)],
    { hold_until: null, patient: cause, rung: 0, rung_action: null, gave_up: false },
  );
}

/** Takes in what another incident had gathered before it turned out to be the same. */
export function absorb(record: IncidentRecord, other: IncidentRecord, now: Instant): IncidentRecord {
  return other.incident.symptoms.reduce((whole, symptom) => joinSymptom(whole, symptom, now), record);
}

/** Ends an incident, without a mail, that turned out to be a part of another one. */
export function mergeInto(record: IncidentRecord, id: string, now: Instant): IncidentRecord {
  return next(
    record,
    { status: 'resolved', resolved_at: instant(now) },
    [entry(now, 'resolved', `The same trouble as incident ${id}, and handled there.`)],
    { hold_until: null, merged_into: id },
  );
}

export function decide(
  record: IncidentRecord,
  { rule, text, patient }: { rule: string; text: string; patient?: Patient },
  now: Instant,
): IncidentRecord {
  const turned = patient ? { patient, rung: 0, rung_action: null } : {};
  return next(record, { decided_by: 'playbook', rule }, [entry(now, 'decided', text)], turned);
}

/** Writes down what is about to be done. Throws while another action has no outcome yet. */
export function intend(
  record: IncidentRecord,
  action: { id: string; remedy: RemedyName; target: Target; epoch: number },
  text: string,
  now: Instant,
): IncidentRecord {
  if (record.incident.actions.some(({ state }) => state === 'intended'))
    throw new IncidentStateError(`${record.incident.id} has an action without outcome`);
  if (record.incident.status === 'resolved')
    throw new IncidentStateError(`${record.incident.id} is resolved`);
  const intended: IncidentAction = {
    ...action,
    state: 'intended',
    intended_at: instant(now),
    ended_at: null,
    outcome: null,
  };
  return next(
    record,
    { status: going(record, 'acting'), actions: [...record.incident.actions, intended] },
    [entry(now, 'intended', text)],
    { rung_action: action.id },
  );
}

/** What came of an intended action. Throws when it was never intended or has an outcome already. */
export function conclude(
  record: IncidentRecord,
  actionId: string,
  state: 'done' | 'failed' | 'unknown',
  outcome: string,
  now: Instant,
): IncidentRecord {
  const action = record.incident.actions.find(({ id }) => id === actionId);
  if (action?.state !== 'intended') throw new IncidentStateError(`action ${actionId} was not intended`);
  const ended: IncidentAction = { ...action, state, ended_at: instant(now), outcome };
  return next(
    record,
    { actions: record.incident.actions.map((one) => (one.id === actionId ? ended : one)) },
    [entry(now, 'acted', outcome)],
  );
}

/** A guard refused: the action is only suggested, and nothing more is done by itself. */
export function suggest(
  record: IncidentRecord,
  { id, remedy, target }: { id: string; remedy: RemedyName; target: Target },
  reason: string,
  now: Instant,
): IncidentRecord {
  const suggested: IncidentAction = {
    id,
    remedy,
    target,
    epoch: 0,
    state: 'suggested',
    intended_at: instant(now),
    ended_at: instant(now),
    outcome: reason,
  };
  return next(
    record,
    { actions: [...record.incident.actions, suggested] },
    [entry(now, 'guarded', `${remedy} on ${target.process} was not done: ${reason}`)],
    { gave_up: true },
  );
}

export function startVerifying(record: IncidentRecord, text: string, now: Instant): IncidentRecord {
  return next(record, { status: going(record, 'verifying') }, [entry(now, 'verifying', text)]);
}

/** The proof failed, or the action did: on to the next rung. */
export function climb(record: IncidentRecord, text: string, now: Instant): IncidentRecord {
  return next(record, {}, [entry(now, 'not-verified', text)], { rung: record.rung + 1, rung_action: null });
}

export function resolve(record: IncidentRecord, proof: string, now: Instant): IncidentRecord {
  const took = now - Date.parse(record.incident.began_at);
  return next(record, { status: 'resolved', resolved_at: instant(now) }, [
    entry(now, 'verified', proof),
    entry(now, 'resolved', `Well again, ${(took / 1000).toFixed(1)} s after it began.`),
  ]);
}

/** A human is asked. `gaveUp`: nothing more is done by itself. Status and mail do not depend on each other. */
export function escalate(
  record: IncidentRecord,
  reason: string,
  gaveUp: boolean,
  now: Instant,
): IncidentRecord {
  return next(record, { status: 'escalated' }, [entry(now, 'escalated', reason)], {
    gave_up: record.gave_up || gaveUp,
  });
}

/** The trouble came back right after it was resolved: the same incident, and no second mail. */
export function reopen(record: IncidentRecord, symptom: Symptom, now: Instant): IncidentRecord {
  const joined = joinSymptom(record, symptom, now);
  const patient: Patient = { signal: symptom.signal, target: symptom.target };
  return next(
    joined,
    { status: 'open', resolved_at: null, cause: patient, rule: null, decided_by: null },
    [entry(now, 'reopened', `It came back: ${describeTrouble(symptom.signal, symptom.target)}.`)],
    { patient, rung: 0, rung_action: null, gave_up: false },
  );
}

/** Claims the incident's only mail; the same record when it was claimed before. */
export function claimMail(
  record: IncidentRecord,
  kind: MailClaim['kind'],
  claimedBy: string,
  now: Instant,
): IncidentRecord {
  if (record.mail) return record;
  const mail: MailClaim = {
    kind,
    claimed_by: claimedBy,
    attempted_at: instant(now),
    sent: false,
  };
  return { ...record, mail };
}

export function mailSent(record: IncidentRecord, recipients: number, now: Instant): IncidentRecord {
  if (!record.mail || record.mail.sent) return record;
  const people = recipients === 1 ? '1 admin' : `${recipients} admins`;
  return next(record, { mailed_at: instant(now) }, [entry(now, 'notified', `Mailed to ${people}.`)], {
    mail: { ...record.mail, sent: true },
  });
}

/** The mail server will never take it: it is not tried again, and the incident says so. */
export function mailRefused(record: IncidentRecord, now: Instant): IncidentRecord {
  if (!record.mail || record.mail.sent) return record;
  const text = 'The mail server refused the mail for good; nobody was mailed.';
  return next(record, {}, [entry(now, 'notified', text)], { mail: { ...record.mail, sent: true } });
}
