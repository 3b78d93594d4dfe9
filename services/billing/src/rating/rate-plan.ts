import { AppError, defineError, type PlanPrices, type PlanVersion } from '@gridworks/contracts';
import { type RatedLine, rateUsage, totalOf } from './rate-usage.ts';

export const CURRENCY_NOT_PRICED = defineError({
  code: 'BILLING.CURRENCY_NOT_PRICED',
  kind: 'invalid_input',
  title: 'The plan has no price in this currency',
});

/** One line of what a plan version costs, in minor units of the currency. */
export type PlanLine = RatedLine &
  (
    | { readonly of: 'fee' }
    | { readonly of: 'charge'; readonly metric: string; readonly included: bigint }
    /** What is missing to the minimum of the charges. */
    | { readonly of: 'minimum' }
  );

/** Whole units by metric, at least 0. A metric that is not named has 0. */
export type Quantities = Readonly<Record<string, bigint>>;

type Priced = Pick<PlanVersion, 'id' | 'prices'>;

/** The fee of one interval of the version (a month or a year), charged in advance: no line when it is 0. */
export function rateFee(version: Priced, currency: string): PlanLine[] {
  const { recurring_amount } = pricesIn(version, currency);
  if (recurring_amount === 0) return [];
  return rateUsage({ model: 'flat', amount: recurring_amount }, 0n).map((line) => ({ ...line, of: 'fee' }));
}

/**
 * The charges of one month, also of a yearly version: each metric above its included units, in the order of the version, then what is
 * missing to the minimum. A metric that the version does not charge costs nothing. Throws `BILLING.CURRENCY_NOT_PRICED`.
 */
export function rateCharges(version: Priced, currency: string, quantities: Quantities): PlanLine[] {
  const { charges, minimum_amount } = pricesIn(version, currency);
  const lines = charges.flatMap(({ metric, included, price }) =>
    rateUsage(price, quantities[metric] ?? 0n, { included: BigInt(included) }).map(
      (line): PlanLine => ({ ...line, of: 'charge', metric, included: BigInt(included) }),
    ),
  );
  const missing = BigInt(minimum_amount) - totalOf(lines);
  if (missing <= 0n) return lines;
  const amount = missing.toString();
  return [...lines, { of: 'minimum', kind: 'minimum', quantity: 1n, unit_amount: amount, amount: missing }];
}

/** What a version costs in a currency. Throws `BILLING.CURRENCY_NOT_PRICED`. */
export function pricesIn({ id, prices }: Priced, currency: string): PlanPrices {
  const found = Object.hasOwn(prices, currency) ? prices[currency] : undefined;
  if (!found)
    throw new AppError(CURRENCY_NOT_PRICED, {
      detail: `${id} has prices in ${Object.keys(prices).join(', ')}, not in ${currency}.`,
    });
  return found;
}
