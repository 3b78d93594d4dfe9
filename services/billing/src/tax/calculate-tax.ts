import { Decimal, roundHalfUp } from '../money/round.ts';
import type { TaxComponent } from './tax-regions.ts';

export interface TaxedAmount {
  /** Minor units without tax. */
  readonly net: bigint;
  readonly components: readonly (TaxComponent & { readonly amount: bigint })[];
  /** The sum of the components. */
  readonly tax: bigint;
  /** `net + tax`. */
  readonly gross: bigint;
}

const HUNDRED = new Decimal('100');

/**
 * The tax of one line. `amount` in minor units is its net, or, with `inclusive`, its gross. Each component is rounded half up on
 * its own, so equal rates give equal amounts (CGST and SGST must), and what is shown adds up. An inclusive amount stays the gross;
 * its net is what the components leave.
 */
export function calculateTax(
  amount: bigint,
  components: readonly TaxComponent[],
  inclusive: boolean,
): TaxedAmount {
  const exact = new Decimal(amount.toString());
  const rates = components.reduce((sum, { rate }) => sum.plus(rate), new Decimal('0'));
  const whole = inclusive ? HUNDRED.plus(rates) : HUNDRED;
  const parts = components.map(({ name, rate }) => ({
    ...{ name, rate, amount: roundHalfUp(exact.times(rate).div(whole)) },
  }));
  const tax = parts.reduce((sum, part) => sum + part.amount, 0n);
  const net = inclusive ? amount - tax : amount;
  return { net, components: parts, tax, gross: net + tax };
}
