import type { PlanPrices, PlanVersion, Price, planSchema } from '@gridworks/contracts';
import type { z } from 'zod';
import { toInteger } from '../money/money.ts';
import { Decimal, fractionOf } from '../money/round.ts';

/** A plan version as an offer. */
export type Plan = z.output<typeof planSchema>;

/** The currency of a plan's short form. */
const SHORT_FORM_CURRENCY = 'EUR';
const MONTHS = { month: 1n, year: 12n } as const;

/** The offer of a plan version; see `planSchema`. */
export function presentPlan(version: PlanVersion): Plan {
  const { currency, prices } = shortForm(version);
  const calls = callsOf(version);
  const { description, interval, trial_days, limits, features } = version;
  return {
    ...{ object: 'plan', id: version.plan, plan_version_id: version.id, version: version.version },
    ...{ name: version.name, description, interval, trial_days, prices: version.prices, currency },
    monthly_price: monthlyPrice(prices, interval),
    included_calls: calls?.included ?? 0,
    unit_price: calls ? firstUnitPrice(calls.price) : '0',
    ...{ limits, features },
  };
}

/** Plans in the order of the price of a month. */
export const byPrice = (a: Plan, b: Plan): number => a.monthly_price - b.monthly_price;

/** The charge of calls in the currency of the short form; null where calls cost nothing and are not counted. */
export function callsOf(version: PlanVersion): PlanPrices['charges'][number] | null {
  return shortForm(version).prices.charges.find(({ metric }) => metric === 'calls') ?? null;
}

/** The currency of the short form of a version, and its prices. */
export function shortForm({ id, prices }: PlanVersion): { currency: string; prices: PlanPrices } {
  const currency = prices[SHORT_FORM_CURRENCY] ? SHORT_FORM_CURRENCY : (Object.keys(prices)[0] ?? '');
  const found = prices[currency];
  if (!found) throw new Error(`plan version ${id} has no price`);
  return { currency, prices: found };
}

function monthlyPrice({ recurring_amount }: PlanPrices, interval: PlanVersion['interval']): number {
  return toInteger(fractionOf(BigInt(recurring_amount), 1n, MONTHS[interval]));
}

function firstUnitPrice(price: Price): string {
  switch (price.model) {
    case 'flat':
      return '0';
    case 'per_unit':
      return price.unit_amount;
    case 'package':
      return new Decimal(String(price.amount)).div(String(price.size)).toFixed();
    default:
      return price.tiers[0]?.unit_amount ?? '0';
  }
}
