import { describeSpan } from '../incidents/describe.ts';
import type { Act } from './act.ts';
import { ALLOWED, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

/**
 * Refuses the same remedy on the same process within its cooldown (ms): the remedy was just done and did not
 * help. An act in state `unknown` does not count.
 */
export function cooledDown(
  act: ProposedAct,
  acts: readonly Act[],
  cooldownMs: number,
  now: number,
): GuardDecision {
  const last = acts
    .filter(
      (one) => one.process === act.target.process && one.remedy === act.remedy && one.state !== 'unknown',
    )
    .map(({ at }) => Date.parse(at))
    .sort((a, b) => b - a)[0];
  if (last === undefined || now - last >= cooldownMs) return ALLOWED;
  return refuse(
    'cooldown',
    `${act.remedy} was done to ${act.target.process} ${describeSpan(now - last)} ago and may be repeated after ${describeSpan(cooldownMs)}`,
  );
}
