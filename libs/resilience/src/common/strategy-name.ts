import { ADVICE, type Advice } from '../classify/kinds/classification.ts';

/** What can be done about a caught error: ten strategies, and ESCALATE. The list is closed. */
export const STRATEGY_NAMES = ADVICE;
export type StrategyName = Advice;
