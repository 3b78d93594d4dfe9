import type { Act } from './act.ts';
import { ALLOWED, type GuardDecision, isDisruptive, type ProposedAct, refuse } from './guard-decision.ts';

/** An act whose healer died before its verification ended holds its place no longer than this. */
const RUNNING_AT_MOST_MS = 45_000;

/**
 * Lets only few processes be taken away at once: one of a service, and a tenth of the fleet or one. Others wait
 * for their turn.
 */
export function fewAtOnce(
  act: ProposedAct,
  acts: readonly Act[],
  fleetSize: number,
  now: number,
): GuardDecision {
  if (!isDisruptive(act.remedy)) return ALLOWED;
  const running = acts.filter(
    (one) =>
      one.state === 'running' &&
      isDisruptive(one.remedy) &&
      one.incident_id !== act.incidentId &&
      now - Date.parse(one.at) < RUNNING_AT_MOST_MS,
  );
  const sameService = running.find(({ name }) => name === act.target.name);
  if (sameService)
    return refuse('few-at-once', `${sameService.process} of the same service is being treated`, 'wait');
  const allowed = Math.max(1, Math.floor(fleetSize / 10));
  if (running.length < allowed) return ALLOWED;
  const names = running.map(({ process }) => process).join(', ');
  return refuse(
    'few-at-once',
    `${names} is being treated, and only ${allowed} of ${fleetSize} at once may be`,
    'wait',
  );
}
