import { fractionOf } from '../money/round.ts';
import type { Span } from './periods.ts';

const secondsOf = ({ from, to }: Span): bigint => BigInt(Math.round((to.getTime() - from.getTime()) / 1000));

/**
 * The part of `amount` (minor units, or units that are included) that falls to `part` of a whole period, to the second. Rounded once, half
 * up; nothing of the whole is lost when `part` is the whole.
 */
export function shareOf(amount: bigint, part: Span, whole: Span): bigint {
  return fractionOf(amount, secondsOf(part), secondsOf(whole));
}

/** What a change in the middle of a period costs, in minor units. */
export interface Proration {
  /** What is given back of the old fee, at most 0. */
  readonly credit: bigint;
  /** What the new fee costs for the rest of the period, at least 0. */
  readonly charge: bigint;
}

/** The rest of `period` at a moment within it: the old fee is given back, the new one is charged. */
export function prorateChange(oldFee: bigint, newFee: bigint, period: Span, at: Date): Proration {
  const rest = { from: at, to: period.to };
  return { credit: -shareOf(oldFee, rest, period), charge: shareOf(newFee, rest, period) };
}
