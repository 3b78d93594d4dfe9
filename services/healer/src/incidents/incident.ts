import { newId, type Symptom } from '@gridworks/contracts';
import { describeRecurrence, describeTrouble } from './describe.ts';
import type { IncidentRecord, TreatedTarget } from './incident-record.ts';
import { entry, type Instant, instant, revise } from './revision.ts';

/** Further symptoms appear in the timeline only. */
export const MAX_SYMPTOMS = 20;

export interface OpenOptions {
  readonly now: Instant;
  /** Holds the incident back until then; null makes it public at once. */
  readonly holdUntil: Instant | null;
  readonly traceparent: string | null;
  readonly traceId: string | null;
  readonly experiment: string | null;
  /** The process failed too often within minutes: one incident, and one mail, for all further failures. */
  readonly recurring?: boolean;
}

/** Makes a new incident from its first symptom. */
export function openIncident(symptom: Symptom, options: OpenOptions): IncidentRecord {
  const trouble = describeTrouble(symptom.signal, symptom.target);
  const { recurring = false } = options;
  const cause: TreatedTarget = { signal: symptom.signal, target: symptom.target };
  const timeline = [
    {
      at: symptom.began_at,
      what: 'began' as const,
      text: `Last sign that ${symptom.target.process} was healthy.`,
    },
    { at: symptom.observed_at, what: 'observed' as const, text: `Observed: ${trouble}.` },
  ];
  if (options.holdUntil !== null)
    timeline[1]!.text += ` Waiting until ${instant(options.holdUntil)} for its cause to be detected.`;
  return {
    incident: {
      object: 'incident',
      id: newId('incident', options.now),
      status: 'open',
      title: recurring ? describeRecurrence(symptom.signal, symptom.target) : trouble,
      cause,
      began_at: symptom.began_at,
      observed_at: symptom.observed_at,
      resolved_at: null,
      decided_by: null,
      rule: null,
      actions: [],
      symptoms: [symptom],
      errors: [],
      timeline,
      mailed_at: null,
      trace_id: options.traceId,
      experiment: options.experiment,
      recurring,
      revision: 1,
    },
    hold_until: options.holdUntil === null ? null : instant(options.holdUntil),
    treating: cause,
    rung: 0,
    rung_action: null,
    gave_up: false,
    merged_into: null,
    traceparent: options.traceparent,
    mail: null,
    captured: null,
    joined_errors: [],
    list_position: null,
    write_id: '',
  };
}

/** Whether this very message was processed before. A cleared symptom was also known as firing. */
export function knowsSymptom(record: IncidentRecord, symptom: Symptom): boolean {
  return record.incident.symptoms.some(
    ({ id, state }) => id === symptom.id && (state === symptom.state || state === 'cleared'),
  );
}

/** Adds a further symptom of the same cause, or the end of a known one. */
export function joinSymptom(record: IncidentRecord, symptom: Symptom, now: Instant): IncidentRecord {
  if (knowsSymptom(record, symptom)) return record;
  const { symptoms } = record.incident;
  const trouble = describeTrouble(symptom.signal, symptom.target);
  if (symptom.state === 'cleared')
    return revise(record, { symptoms: symptoms.map((one) => (one.id === symptom.id ? symptom : one)) }, [
      entry(now, 'joined', `No longer observed: ${trouble}.`),
    ]);
  return revise(record, { symptoms: symptoms.length < MAX_SYMPTOMS ? [...symptoms, symptom] : symptoms }, [
    entry(now, 'joined', `Of the same cause: ${trouble}.`),
  ]);
}

/** The hold is over and no cause was detected: the incident becomes public. */
export function publishHeld(record: IncidentRecord, now: Instant): IncidentRecord {
  if (record.hold_until === null) return record;
  return revise(record, {}, [entry(now, 'joined', 'No other cause was detected.')], { hold_until: null });
}

/** The cause is another than was assumed: the incident continues with the new cause and its ladder. */
export function rediagnose(record: IncidentRecord, symptom: Symptom, now: Instant): IncidentRecord {
  const cause: TreatedTarget = { signal: symptom.signal, target: symptom.target };
  const trouble = describeTrouble(symptom.signal, symptom.target);
  const { symptoms } = record.incident;
  const known = symptoms.some(({ id }) => id === symptom.id);
  return revise(
    record,
    {
      cause,
      title: trouble,
      rule: null,
      decided_by: null,
      symptoms: known || symptoms.length >= MAX_SYMPTOMS ? symptoms : [...symptoms, symptom],
    },
    [entry(now, 'joined', `The cause was detected: ${trouble}.`)],
    { hold_until: null, treating: cause, rung: 0, rung_action: null, gave_up: false },
  );
}

/** Adds the symptoms of another incident that turned out to be the same. */
export function absorb(record: IncidentRecord, other: IncidentRecord, now: Instant): IncidentRecord {
  return other.incident.symptoms.reduce((whole, symptom) => joinSymptom(whole, symptom, now), record);
}

/** Ends an incident, without a mail, that turned out to be a part of another one. */
export function mergeInto(record: IncidentRecord, id: string, now: Instant): IncidentRecord {
  return revise(
    record,
    { status: 'resolved', resolved_at: instant(now) },
    [entry(now, 'resolved', `A part of incident ${id}, and handled there.`)],
    { hold_until: null, merged_into: id },
  );
}

/**
 * The failure came back: reopens the incident, without a second mail. `recurring`: it came back too often
 * within minutes, so a human is mailed once.
 */
export function reopen(
  record: IncidentRecord,
  symptom: Symptom,
  now: Instant,
  recurring = record.incident.recurring,
): IncidentRecord {
  const { symptoms } = record.incident;
  // The latest symptoms are kept: they show whether the incident is over.
  const room = symptoms.length < MAX_SYMPTOMS ? record : withSymptoms(record, symptoms.slice(1));
  const joined = joinSymptom(room, symptom, now);
  const treating: TreatedTarget = { signal: symptom.signal, target: symptom.target };
  const title = recurring ? describeRecurrence(symptom.signal, symptom.target) : joined.incident.title;
  return revise(
    joined,
    { status: 'open', resolved_at: null, cause: treating, rule: null, decided_by: null, recurring, title },
    [entry(now, 'reopened', `The failure came back: ${describeTrouble(symptom.signal, symptom.target)}.`)],
    { treating, rung: 0, rung_action: null, gave_up: false },
  );
}

const withSymptoms = (record: IncidentRecord, symptoms: Symptom[]): IncidentRecord => ({
  ...record,
  incident: { ...record.incident, symptoms },
});
