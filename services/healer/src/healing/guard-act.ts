import { newId } from '@gridworks/contracts';
import { cooledDown } from '../guards/cooldown.ts';
import { notDryRun } from '../guards/dry-run.ts';
import { fewAtOnce } from '../guards/few-at-once.ts';
import { FLEET_BREAKER, fleetBreakerClosed } from '../guards/fleet-breaker.ts';
import {
  ALLOWED,
  firstRefusal,
  type GuardDecision,
  isHarmless,
  type ProposedAct,
} from '../guards/guard-decision.ts';
import { withinHourlyBudget } from '../guards/hourly-budget.ts';
import { effectiveChain } from '../guards/ineffective-chain.ts';
import { notPaused } from '../guards/pause.ts';
import { notMyself, validTarget } from '../guards/valid-target.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import type { PlaybookRule, Rung } from '../playbook/playbook.ts';
import type { HealingContext } from './healing-context.ts';

/** How long the fleet breaker stays open unless a human closes it: the longest time that a pause can have. */
const BREAKER_OPEN_MS = 24 * 3_600_000;

/**
 * Runs every guard, and counts the act when all allow it. Pauses and budgets are read anew for each act.
 * Throws while they cannot be read: then nothing is done.
 */
export async function guardAct(
  context: HealingContext,
  record: IncidentRecord,
  act: ProposedAct,
  { rule, rung }: { rule: PlaybookRule; rung: Rung },
): Promise<GuardDecision> {
  if (isHarmless(act.remedy)) return ALLOWED;
  const { limits, clock, self } = context;
  const pauses = await context.pauses.read();
  const verdict = firstRefusal(
    () => validTarget(act),
    () => notMyself(act, self),
    () => notDryRun(limits.dryRun),
    () => notPaused(act, pauses, clock()),
    () => effectiveChain(act, record, context.incidents.all(), limits.chain),
  );
  if (!verdict.allowed) return verdict;
  const budgets = { perRule: rule.maxPerHour, perService: limits.actsPerServicePerHour };
  const reserved = await context.ledger.reserve(act, (ledger, now) =>
    firstRefusal(
      () => cooledDown(act, ledger.acts, rung.cooldownMs, now),
      () => withinHourlyBudget(act, ledger.acts, budgets, now),
      () => fleetBreakerClosed(act, ledger, limits.fleetBreaker, now),
      () => fewAtOnce(act, ledger.acts, context.pulses.size(), now),
    ),
  );
  if (!reserved.allowed && reserved.guard === FLEET_BREAKER) await openBreaker(context, reserved.reason);
  return reserved;
}

async function openBreaker({ pauses, clock }: HealingContext, reason: string): Promise<void> {
  const now = clock();
  await pauses.add({
    object: 'pause',
    id: newId('pause', now),
    scope: 'all',
    effect: 'pause',
    reason: `The fleet breaker opened: ${reason}. Remove this pause once you know why.`,
    trains: false,
    created_by: FLEET_BREAKER,
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + BREAKER_OPEN_MS).toISOString(),
  });
}
