import Big from 'big.js';

/**
 * The constructor of the decimals of this service. Quotients keep 40 decimals, so that they are exact enough to be rounded
 * once; `strict` refuses numbers of JavaScript, which are binary fractions.
 */
export const Decimal = Big();
Decimal.DP = 40;
Decimal.strict = true;

const HALF_UP = 1;

/**
 * Rounds to whole minor units, half up: away from zero, also below zero, so a credit note reverses its invoice to the unit.
 * A line is rounded by this once, at its end; nothing before that is rounded.
 */
export function roundHalfUp(minor: Big): bigint {
  return BigInt(minor.round(0, HALF_UP).toFixed(0));
}

/** `numerator / denominator` of minor units, rounded half up. The denominator is above 0. */
export function fractionOf(minor: bigint, numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('the denominator must be above 0');
  const product = 2n * minor * numerator;
  const half = product < 0n ? -denominator : denominator;
  return (product + half) / (2n * denominator);
}
