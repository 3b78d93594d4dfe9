import type { Act } from './act.ts';
import { ALLOWED, endsProcess, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

/**
 * When a healer dies before the verification of its act has ended, the act holds its place no longer than
 * this.
 */
const RUNNING_AT_MOST_MS = 45_000;

/**
 * Limits how many processes may be disrupted at once: one of each service, and a tenth of the fleet (at least
 * one). Further acts wait for their turn.
 */
export function fewAtOnce(
  act: ProposedAct,
  acts: readonly Act[],
  fleetSize: number,
  now: number,
): GuardDecision {
  if (!endsProcess(act.remedy)) return ALLOWED;
  const running = acts.filter(
    (one) =>
      one.state === 'running' &&
      endsProcess(one.remedy) &&
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
