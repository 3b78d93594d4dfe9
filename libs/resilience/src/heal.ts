import { errorLabel } from './common/error-label.ts';
import type { HealingDecision, HealingStep } from './common/healing-record.ts';
import type { StrategyName } from './common/strategy-name.ts';
import { BusinessErrorThrown, type FailedCall } from './healing/failed-call.ts';
import { notHealed, type Strategy, type StrategyResult } from './strategies/strategy.ts';
import { STRATEGIES } from './strategies/strategy-catalogue.ts';
import { strategyLadder } from './strategies/strategy-ladder.ts';

export type Healing =
  | {
      readonly healedBy: StrategyName;
      readonly value: unknown;
      /** The business error that a repeat got; then there is no `value`. */
      readonly businessError?: BusinessErrorThrown;
      readonly steps: readonly HealingStep[];
    }
  | { readonly healedBy: null; readonly steps: readonly HealingStep[] };

/**
 * Tries the strategies of the call's decision in their order until one heals. Ends early when the caller has
 * gone, or when a repeat showed a failure about which nothing may be done. When no strategy can be used, the
 * result is returned at once, without a promise: in a storm that is the usual case.
 */
export function heal(call: FailedCall): Healing | Promise<Healing> {
  const steps: HealingStep[] = [];
  const ladder = strategyLadder(call.decision);
  const usable = skipToUsable(call, ladder, 0, steps);
  return usable < ladder.length ? climb(call, ladder, usable, steps) : { healedBy: null, steps };
}

async function climb(
  call: FailedCall,
  ladder: readonly StrategyName[],
  from: number,
  steps: HealingStep[],
): Promise<Healing> {
  for (let i = from; i < ladder.length; i = skipToUsable(call, ladder, i + 1, steps)) {
    const strategy = ladder[i] as StrategyName;
    const began = performance.now();
    const result = await outcomeOf(STRATEGIES[strategy], call);
    if (result instanceof BusinessErrorThrown) {
      const why = 'a repeat got a business error';
      steps.push({ strategy, outcome: 'healed', why, durationMs: performance.now() - began });
      return { healedBy: strategy, value: undefined, businessError: result, steps };
    }
    const outcome = result.healed ? 'healed' : 'failed';
    steps.push({ strategy, outcome, why: result.why, durationMs: performance.now() - began });
    if (result.healed) return { healedBy: strategy, value: result.value, steps };
    if (call.latest !== call.decision && hopeless(call.latest)) break;
  }
  return { healedBy: null, steps };
}

/**
 * The index of the next strategy whose precondition holds, or the ladder's length. Records why others are
 * skipped.
 */
function skipToUsable(
  call: FailedCall,
  ladder: readonly StrategyName[],
  from: number,
  steps: HealingStep[],
): number {
  for (let i = from; i < ladder.length; i++) {
    const strategy = ladder[i] as StrategyName;
    const gone = call.signal?.aborted === true;
    const why = gone ? 'the caller has cancelled' : missingFor(STRATEGIES[strategy], call);
    if (why === null) return i;
    steps.push({ strategy, outcome: 'skipped', why, durationMs: 0 });
    if (gone) break;
  }
  return ladder.length;
}

const hopeless = (decision: HealingDecision): boolean =>
  decision.strategy === 'ESCALATE' || !decision.transient;

function missingFor(strategy: Strategy, call: FailedCall): string | null {
  try {
    return strategy.missing(call);
  } catch (error) {
    return `its precondition could not be checked: ${errorLabel(error)}`;
  }
}

async function outcomeOf(
  strategy: Strategy,
  call: FailedCall,
): Promise<StrategyResult | BusinessErrorThrown> {
  try {
    return await strategy.run(call);
  } catch (error) {
    if (error instanceof BusinessErrorThrown) return error;
    return notHealed(`the strategy itself failed: ${errorLabel(error)}`);
  }
}
