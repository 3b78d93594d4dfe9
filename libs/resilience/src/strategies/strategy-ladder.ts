import type { HealingDecision } from '../common/healing-record.ts';
import { STRATEGY_NAMES, type StrategyName } from '../common/strategy-name.ts';

/** Results without the dependency, from the most to the least accurate. */
const STAND_INS = ['FALLBACK_TO_CACHE', 'QUEUE_FOR_LATER', 'USE_DEFAULT_VALUE', 'SKIP_OPERATION'] as const;

/** The strategies that follow, in this order, when the decided strategy cannot be used or has not healed. */
const NEXT: Readonly<Record<StrategyName, readonly StrategyName[]>> = {
  RETRY_WITH_BACKOFF: ['SWITCH_API_ENDPOINT', ...STAND_INS],
  RATE_LIMIT_BACKOFF: ['SWITCH_API_ENDPOINT', ...STAND_INS],
  RESET_CONNECTION: ['RETRY_WITH_BACKOFF', 'SWITCH_API_ENDPOINT', ...STAND_INS],
  SWITCH_API_ENDPOINT: ['RETRY_WITH_BACKOFF', ...STAND_INS],
  FALLBACK_TO_CACHE: ['RETRY_WITH_BACKOFF', 'SWITCH_API_ENDPOINT', ...STAND_INS],
  QUEUE_FOR_LATER: ['RETRY_WITH_BACKOFF', 'SWITCH_API_ENDPOINT', ...STAND_INS],
  ROLLBACK_TRANSACTION: ['RETRY_WITH_BACKOFF', 'QUEUE_FOR_LATER'],
  CLEAR_CACHE_AND_RETRY: ['USE_DEFAULT_VALUE', 'SKIP_OPERATION'],
  SKIP_OPERATION: ['RETRY_WITH_BACKOFF', ...STAND_INS],
  USE_DEFAULT_VALUE: ['SKIP_OPERATION'],
  ESCALATE: [],
};

/**
 * The strategies for a decision, in the order in which they are tried. An unknown error gets none, unless a
 * pattern decides it: then only the strategy of that pattern. A failure that is not transient is not
 * repeated, and nothing else is called instead, unless that was decided.
 */
export function strategyLadder(decision: HealingDecision): readonly StrategyName[] {
  const { strategy, kind, transient, decidedBy } = decision;
  if (strategy === 'ESCALATE') return [];
  if (kind === 'unknown') return decidedBy === 'pattern' || decidedBy === 'model' ? [strategy] : [];
  // A dependency that is not called cannot respond to a repeat.
  const repeats = transient && kind !== 'circuit_open';
  return LADDERS[strategy][repeats ? 'repeating' : transient ? 'waiting' : 'lasting'];
}

const without = (strategy: StrategyName, ...left: StrategyName[]): readonly StrategyName[] => [
  strategy,
  ...NEXT[strategy].filter((name) => name !== strategy && !left.includes(name)),
];

/** Built once: in a storm the same ladder is needed a hundred thousand times. */
const LADDERS = Object.fromEntries(
  STRATEGY_NAMES.map((strategy) => [
    strategy,
    {
      repeating: without(strategy),
      waiting: without(strategy, 'RETRY_WITH_BACKOFF'),
      lasting: without(strategy, 'RETRY_WITH_BACKOFF', 'SWITCH_API_ENDPOINT'),
    },
  ]),
) as unknown as Readonly<
  Record<StrategyName, Record<'repeating' | 'waiting' | 'lasting', readonly StrategyName[]>>
>;
