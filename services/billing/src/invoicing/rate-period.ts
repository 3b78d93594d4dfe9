import { METRICS, type Metric, type PlanPrices, type PlanVersion, type Price } from '@gridworks/contracts';
import { describeLine } from '../invoices/lines-of-period.ts';
import { toInteger } from '../money/money.ts';
import type { Span } from '../periods/periods.ts';
import { shareOf } from '../periods/prorate.ts';
import { type PlanLine, pricesIn, type Quantities, rateCharges } from '../rating/rate-plan.ts';
import { totalOf } from '../rating/rate-usage.ts';
import { describeSpan, itemOf, type NewItem } from './invoice-item.ts';

/** A period that is charged: a month of a subscription, or the part of it with one plan. */
export interface RatedPeriod {
  readonly span: Span;
  /** The whole month. */
  readonly month: Span;
  readonly currency: string;
  readonly isTrial: boolean;
}

/** How the words of an item are written. */
export interface Words {
  readonly locale: string;
  readonly zone: string;
}

/**
 * What the units of a period cost: the charges and the minimum of the plan version. Of a part of a month only that part of the included
 * units, of fixed charges and of the minimum counts, to the second. Nothing for a trial; nothing when all lines cost nothing.
 */
export function itemsOfPeriod(
  version: PlanVersion,
  period: RatedPeriod,
  quantities: Quantities,
  words: Words,
): NewItem[] {
  const { currency, span, month } = period;
  const lines = ratedLines(version, period, quantities);
  if (totalOf(lines) === 0n) return [];
  const name = describeSpan(span, words.locale, words.zone);
  return lines.map((line) => ({
    kind: line.of === 'minimum' ? 'minimum' : 'charge',
    description: describeLine(line, version.name, name, words.locale),
    ...{ detail: null, quantity: line.quantity, unitAmount: line.unit_amount, amount: line.amount },
    ...{ currency, covers: span, dueAt: month.to },
  }));
}

/**
 * What units cost that arrived after the period was charged with the units `billed`: exactly what they would have added to it, so that it
 * makes no difference when a call arrives. Null when they cost nothing.
 */
export function lateItem(
  version: PlanVersion,
  period: RatedPeriod,
  { billed, counted }: { readonly billed: Quantities; readonly counted: Quantities },
  words: Words & { readonly dueAt: Date },
): NewItem | null {
  if (period.isTrial) return null;
  const part = partOf(version, period);
  const cost = (quantities: Quantities) => totalOf(rateCharges(part, period.currency, quantities));
  const amount = cost(counted) - cost(billed);
  if (amount === 0n) return null;
  const late = (Object.keys(METRICS) as Metric[])
    .map((metric) => ({ metric, units: (counted[metric] ?? 0n) - (billed[metric] ?? 0n) }))
    .filter(({ units }) => units !== 0n);
  const count = (units: bigint) => new Intl.NumberFormat(words.locale).format(units);
  const names = late.map(({ metric, units }) => `${count(units)} ${METRICS[metric].many}`).join(', ');
  return itemOf(amount, {
    kind: 'late',
    description: `Arrived after the invoice of ${describeSpan(period.span, words.locale, words.zone)}: ${names}`,
    ...{ detail: null, currency: period.currency, covers: period.span, dueAt: words.dueAt },
  });
}

/** The lines of the charges and the minimum of a period, also those of the amount 0; none for a trial. */
export function ratedLines(version: PlanVersion, period: RatedPeriod, quantities: Quantities): PlanLine[] {
  return period.isTrial ? [] : rateCharges(partOf(version, period), period.currency, quantities);
}

/** What the units of a period cost, charged at once or in parts as they arrived: what all its items charge together. */
export function costOfPeriod(version: PlanVersion, period: RatedPeriod, quantities: Quantities): bigint {
  return totalOf(ratedLines(version, period, quantities));
}

/** The numbers of units from which on another tier prices them: there a volume price may fall. */
export function priceSteps(version: PlanVersion, period: RatedPeriod, metric: Metric): bigint[] {
  const { charges } = pricesIn(partOf(version, period), period.currency);
  const charge = charges.find((one) => one.metric === metric);
  if (!charge || !('tiers' in charge.price)) return [];
  const included = BigInt(charge.included);
  return charge.price.tiers.flatMap(({ up_to }) => (up_to === null ? [] : [included + BigInt(up_to) + 1n]));
}

/** The version with the part of the month that the period has. */
export function partOf(version: PlanVersion, { currency, span, month }: RatedPeriod): PlanVersion {
  if (span.from.getTime() === month.from.getTime() && span.to.getTime() === month.to.getTime())
    return version;
  const share = (whole: number) => toInteger(shareOf(BigInt(whole), span, month));
  const scaled = (price: Price): Price =>
    price.model === 'flat' ? { ...price, amount: share(price.amount) } : price;
  const prices: PlanPrices = pricesIn(version, currency);
  return {
    ...version,
    prices: {
      [currency]: {
        ...prices,
        minimum_amount: share(prices.minimum_amount),
        charges: prices.charges.map((charge) => ({
          ...{ metric: charge.metric, included: share(charge.included), price: scaled(charge.price) },
        })),
      },
    },
  };
}
