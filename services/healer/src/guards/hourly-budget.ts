import type { Act } from './act.ts';
import { ALLOWED, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

const HOUR_MS = 3_600_000;

/** Refuses a rule that acted too often within an hour, in the whole fleet or on one service. */
export function withinHourlyBudget(
  act: ProposedAct,
  acts: readonly Act[],
  limits: { perRule: number; perService: number },
  now: number,
): GuardDecision {
  const lately = acts.filter((one) => now - Date.parse(one.at) < HOUR_MS);
  const byRule = lately.filter(({ rule }) => rule === act.rule).length;
  if (byRule >= limits.perRule)
    return refuse('hourly-budget', `rule ${act.rule} acted ${byRule} times within an hour`);
  const onService = lately.filter(({ name }) => name === act.target.name).length;
  if (onService >= limits.perService)
    return refuse('hourly-budget', `${act.target.name} was acted on ${onService} times within an hour`);
  return ALLOWED;
}
