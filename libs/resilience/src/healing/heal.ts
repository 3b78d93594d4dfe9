import { errorLabel } from '../error-label.ts';
import { notHealed, type Strategy, type StrategyResult } from '../strategies/strategy.ts';
import { STRATEGIES } from '../strategies/strategy-catalogue.ts';
import { strategyLadder } from '../strategies/strategy-ladder.ts';
import type { StrategyName } from '../strategies/strategy-name.ts';
import type { FailedCall } from './failed-call.ts';
import type { Decision, HealingStep } from './healing-record.ts';

export type Healing =
  | { readonly healedBy: StrategyName; readonly value: unknown; readonly steps: readonly HealingStep[] }
  | { readonly healedBy: null; readonly steps: readonly HealingStep[] };

/**
 * Climbs the ladder of strategies for the call's decision until one heals. Ends early when the caller has
 * gone, or when a repeat showed a failure about which nothing may be done.
 */
export async function heal(call: FailedCall): Promise<Healing> {
  const steps: HealingStep[] = [];
  const skip = (strategy: StrategyName, why: string) =>
    steps.push({ strategy, outcome: 'skipped', why, durationMs: 0 });
  for (const name of strategyLadder(call.decision)) {
    if (call.signal?.aborted) {
      skip(name, 'the caller has cancelled');
      break;
    }
    const strategy = STRATEGIES[name];
    const missing = missingFor(strategy, call);
    if (missing !== null) {
      skip(name, missing);
      continue;
    }
    const began = performance.now();
    const result = await outcomeOf(strategy, call);
    const outcome = result.healed ? 'healed' : 'failed';
    steps.push({ strategy: name, outcome, why: result.why, durationMs: performance.now() - began });
    if (result.healed) return { healedBy: name, value: result.value, steps };
    if (call.latest !== call.decision && hopeless(call.latest)) break;
  }
  return { healedBy: null, steps };
}

const hopeless = (decision: Decision): boolean => decision.strategy === 'ESCALATE' || !decision.transient;

function missingFor(strategy: Strategy, call: FailedCall): string | null {
  try {
    return strategy.missing(call);
  } catch (error) {
    return `its precondition could not be checked: ${errorLabel(error)}`;
  }
}

async function outcomeOf(strategy: Strategy, call: FailedCall): Promise<StrategyResult> {
  try {
    return await strategy.run(call);
  } catch (error) {
    return notHealed(`the strategy itself failed: ${errorLabel(error)}`);
  }
}
