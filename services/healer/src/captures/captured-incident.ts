import { type IncidentError, newId, type ServiceName, type Target } from '@gridworks/contracts';
import type { CaptureState } from '../incidents/capture-state.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, type Instant, instant, revise } from '../incidents/revision.ts';
import { explainHealing, explainSteps, quoteError, tally, titleOf } from './describe-errors.ts';
import { type GatheredErrors, isWorse, mergeGathered } from './gathered-errors.ts';

export interface OpenCapturedOptions {
  readonly id?: string;
  readonly now: Instant;
  readonly holdUntil: Instant;
  readonly traceparent: string | null;
  readonly traceId: string | null;
  readonly experiment: string | null;
}

/** The errors and the state that an incident of caught errors has gathered. */
export const gatheredOf = ({ incident, captured }: IncidentRecord): GatheredErrors => ({
  errors: incident.errors,
  state: captured as CaptureState,
});

/** The error that set the severity, or else the first error. */
export function culpritOf({ errors, state }: GatheredErrors): IncidentError {
  return errors.find(({ fingerprint }) => fingerprint === state.culprit) ?? (errors[0] as IncidentError);
}

/**
 * Makes a new incident from the errors that a process reports about its own calls. The incident is held back
 * and not published yet.
 */
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
      recurring: false,
      revision: 1,
    },
    hold_until: instant(options.holdUntil),
    treating: cause,
    rung: 0,
    rung_action: null,
    gave_up: false,
    merged_into: null,
    traceparent: options.traceparent,
    mail: null,
    captured: gathered.state,
    joined_errors: [],
    list_position: null,
    write_id: '',
  };
}

/**
 * Whether these errors happened before the incident was over and add nothing new: they were only reported
 * late.
 */
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

/**
 * Adds further errors of the same group. An error after the end reopens the incident, unless the error was
 * healed.
 */
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
    // Numbers alone are not published: they appear with the next change of the incident.
    const counted = { ...record, incident: { ...incident, ...changes }, captured: merged.state };
    return decided(counted, before, now);
  }
  const reopened = revise(
    record,
    { ...changes, status: 'open', resolved_at: null },
    [entry(now, 'reopened', `The errors came back: ${tally(more)}`)],
    { captured: { ...merged.state, unhealed_since: more.state.unhealed_since } },
  );
  return decided(reopened, before, now);
}

/** No incident explained the errors: publishes this one, with the decision and the steps that were tried. */
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
 * A more severe error was added to a published incident: publishes what was decided about that error, too.
 */
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
    entry(now, 'decided', explainHealing(culprit)),
    ...explainSteps(culprit).map((text) => entry(now, 'acted', text)),
  ];
}
