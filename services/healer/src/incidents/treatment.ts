import type { Incident, IncidentAction, RemedyName, Target } from '@gridworks/contracts';
import { describeTrouble } from './describe.ts';
import type { IncidentRecord, TreatedTarget } from './incident-record.ts';
import { entry, IncidentStateError, type Instant, instant, revise } from './revision.ts';

/** Once escalated, an incident stays `escalated` until it is resolved, whatever else is done. */
const going = (record: IncidentRecord, status: Incident['status']): Incident['status'] =>
  record.incident.status === 'escalated' ? 'escalated' : status;

export function decide(
  record: IncidentRecord,
  { rule, text, treating }: { rule: string; text: string; treating?: TreatedTarget },
  now: Instant,
): IncidentRecord {
  const turned = treating ? { treating, rung: 0, rung_action: null } : {};
  return revise(record, { decided_by: 'playbook', rule }, [entry(now, 'decided', text)], turned);
}

/** Records an action that is about to be done. Throws while another action has no outcome yet. */
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
  return revise(
    record,
    { status: going(record, 'acting'), actions: [...record.incident.actions, intended] },
    [entry(now, 'intended', text)],
    { rung_action: action.id },
  );
}

/**
 * Records the outcome of an intended action. Throws when the action was not intended or has an outcome
 * already.
 */
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
  return revise(
    record,
    { actions: record.incident.actions.map((one) => (one.id === actionId ? ended : one)) },
    [entry(now, 'acted', outcome)],
  );
}

/** A guard refused: the action is only suggested, and the healer does nothing more by itself. */
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
  return revise(
    record,
    { actions: [...record.incident.actions, suggested] },
    [entry(now, 'guarded', `${remedy} on ${target.process} was not done: ${reason}`)],
    { gave_up: true },
  );
}

/**
 * The reported signal is cleared, and a symptom that it explained is still firing: that symptom is treated
 * now, in the same incident.
 */
export function treatRest(record: IncidentRecord, rest: TreatedTarget, now: Instant): IncidentRecord {
  const text = `${describeTrouble(record.treating.signal, record.treating.target)}: no longer. Still: ${describeTrouble(rest.signal, rest.target)}.`;
  return revise(record, { rule: null, decided_by: null }, [entry(now, 'joined', text)], {
    treating: rest,
    rung: 0,
    rung_action: null,
    gave_up: false,
  });
}

export function startVerifying(record: IncidentRecord, text: string, now: Instant): IncidentRecord {
  return revise(record, { status: going(record, 'verifying') }, [entry(now, 'verifying', text)]);
}

/** The action or its verification failed: moves on to the next rung. */
export function climb(record: IncidentRecord, text: string, now: Instant): IncidentRecord {
  return revise(record, {}, [entry(now, 'not-verified', text)], { rung: record.rung + 1, rung_action: null });
}

export function resolve(record: IncidentRecord, proof: string, now: Instant): IncidentRecord {
  const took = now - Date.parse(record.incident.began_at);
  return revise(record, { status: 'resolved', resolved_at: instant(now) }, [
    entry(now, 'verified', proof),
    entry(now, 'resolved', `Healthy again, ${(took / 1000).toFixed(1)} s after it began.`),
  ]);
}

/**
 * Escalates to a human. `gaveUp`: the healer does nothing more by itself. Status and mail do not depend on
 * each other.
 */
export function escalate(
  record: IncidentRecord,
  reason: string,
  gaveUp: boolean,
  now: Instant,
): IncidentRecord {
  return revise(record, { status: 'escalated' }, [entry(now, 'escalated', reason)], {
    gave_up: record.gave_up || gaveUp,
  });
}
