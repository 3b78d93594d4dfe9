import { describeSpan } from '../incidents/describe.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { countFailures, openedAt, type RecurrenceLimit } from '../incidents/recurrence.ts';
import { ALLOWED, endsProcess, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

/**
 * Refuses to disrupt a process for the same cause again and again. When the cause occurred too often within
 * the window before this incident, healing does not help and a human must find out why. Remedies that are not
 * disruptive are not refused: they cost nothing, and the recurring incident is escalated to a human anyway.
 * Incidents of a labelled experiment are not counted and not refused.
 */
export function effectiveChain(
  act: Pick<ProposedAct, 'remedy'>,
  record: IncidentRecord,
  records: readonly IncidentRecord[],
  { limit, windowMs }: RecurrenceLimit,
): GuardDecision {
  const { cause, experiment, id } = record.incident;
  if (!endsProcess(act.remedy) || experiment !== null) return ALLOWED;
  const until = openedAt(record);
  const all = [...records.filter(({ incident }) => incident.id !== id), record];
  const isSame = (signal: string): boolean => signal === cause.signal;
  const times = countFailures(all, cause.target.process, isSame, { since: until - windowMs, until });
  // The count includes this incident.
  if (times - 1 < limit) return ALLOWED;
  return refuse(
    'ineffective-chain',
    `the same failure came ${times - 1} times before within ${describeSpan(windowMs)}, so healing does not remove its cause`,
  );
}
