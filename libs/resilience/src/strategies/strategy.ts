import type { StrategyName } from '../common/strategy-name.ts';
import type { FailedCall } from '../healing/failed-call.ts';

export type StrategyResult =
  | { readonly healed: true; readonly value: unknown; readonly why: string }
  | { readonly healed: false; readonly why: string };

/** One way to heal a failed call. */
export interface Strategy {
  readonly name: StrategyName;
  /** The precondition in words, for the documentation. */
  readonly needs: string;
  /** The reason why the strategy cannot be used on this call; null when it can. */
  missing(call: FailedCall): string | null;
  /** Called only when nothing is missing. May throw: then it has not healed. */
  run(call: FailedCall): Promise<StrategyResult>;
}

export const healed = (value: unknown, why: string): StrategyResult => ({ healed: true, value, why });
export const notHealed = (why: string): StrategyResult => ({ healed: false, why });
