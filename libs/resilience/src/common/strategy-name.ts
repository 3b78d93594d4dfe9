import { ADVICE, type Advice } from '../classify/kinds/classification.ts';

/** The possible reactions to a caught error: ten strategies, and ESCALATE. The list is closed. */
export const STRATEGY_NAMES = ADVICE;
export type StrategyName = Advice;
