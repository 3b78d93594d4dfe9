import * as z from 'zod/mini';
import type { Api } from '../api/portal.ts';
import { decimalsOf } from '../ui/numbers.ts';

export type PlanVersion = Awaited<ReturnType<Api['admin']['planVersions']['get']>>;
export type PlanTerms = Pick<
  PlanVersion,
  'name' | 'description' | 'interval' | 'trial_days' | 'prices' | 'limits' | 'features'
>;
type Charge = PlanTerms['prices'][string]['charges'][number];
type Price = Charge['price'];

export const MODELS = {
  per_unit: 'Each unit costs the same',
  flat: 'One amount, however many',
  graduated: 'Graduated: each tier has its price',
  volume: 'Volume: the last tier prices all units',
  package: 'Packages of units',
} as const satisfies Record<Price['model'], string>;
export type Model = keyof typeof MODELS;

/** A tier as fields: amounts in the major unit of the currency, `up_to` empty for no end. */
export interface TierValues {
  up_to: string;
  unit: string;
  flat: string;
}
export interface PriceValues {
  currency: string;
  /** Once for each interval. */
  recurring: string;
  minimum: string;
  model: Model;
  /** Of one unit for `per_unit`; of a package, or the flat amount. */
  amount: string;
  size: string;
  tiers: TierValues[];
}
/** The terms of a plan that charges calls, as fields. All amounts are in the major unit: `49.00` euros. */
export interface PlanValues {
  name: string;
  description: string;
  interval: 'month' | 'year';
  trial_days: string;
  included: string;
  burst: string;
  daily: string;
  /** One for each line. */
  features: string;
  prices: PriceValues[];
}

/** A decimal number with its point moved to the right: ('0.00012', 2) is '0.012'. Exact: no number type is used. */
export function shift(decimal: string, places: number): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const digits = `${whole}${fraction}`;
  const point = whole.length + places;
  const padded = point < 1 ? digits.padStart(digits.length + 1 - point, '0') : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const right = padded.slice(at).replace(/0+$/, '');
  return right === '' ? left : `${left}.${right}`;
}

const major = (minor: string | number, currency: string): string =>
  shift(String(minor), -decimalsOf(currency));
/** An empty field is nothing. */
const minor = (text: string, currency: string): string => shift(text.trim() || '0', decimalsOf(currency));
const minorCount = (text: string, currency: string): number => Number(minor(text, currency));
const count = (text: string): number => Number(text.replaceAll(/[,\s]/g, ''));

export const NEW_TIER: TierValues = { up_to: '', unit: '', flat: '' };
export const newPrice = (currency: string): PriceValues => ({
  ...{ currency, recurring: '', minimum: '', model: 'per_unit', amount: '', size: '' },
  tiers: [{ ...NEW_TIER }],
});

export const NEW_PLAN: PlanValues = {
  ...{ name: '', description: '', interval: 'month', trial_days: '0', included: '0' },
  ...{ burst: '600', daily: '50000', features: '', prices: [newPrice('EUR')] },
};

/** The fields of a version. */
export function valuesOf(terms: PlanTerms): PlanValues {
  const { name, description, interval, trial_days, limits, features } = terms;
  const [first] = Object.values(terms.prices);
  return {
    ...{ name, description, interval, trial_days: String(trial_days), features: features.join('\n') },
    ...{ burst: String(limits.burst_per_minute), daily: String(limits.daily) },
    included: String(first?.charges.find(({ metric }) => metric === 'calls')?.included ?? 0),
    prices: Object.entries(terms.prices).map(([currency, prices]) => ({
      ...newPrice(currency),
      recurring: major(prices.recurring_amount, currency),
      minimum: major(prices.minimum_amount, currency),
      ...priceValues(prices.charges.find(({ metric }) => metric === 'calls')?.price, currency),
    })),
  };
}

function priceValues(price: Price | undefined, currency: string): Partial<PriceValues> {
  if (!price) return {};
  const { model } = price;
  if (model === 'per_unit') return { model, amount: major(price.unit_amount, currency) };
  if (model === 'flat') return { model, amount: major(price.amount, currency) };
  if (model === 'package') return { model, amount: major(price.amount, currency), size: String(price.size) };
  return {
    model,
    tiers: price.tiers.map(({ up_to, unit_amount, flat_amount }) => ({
      up_to: up_to === null ? '' : String(up_to),
      ...{ unit: major(unit_amount, currency), flat: major(flat_amount, currency) },
    })),
  };
}

/**
 * The terms that the fields say. Charges of other metrics than calls stay as `before` has them, in the currencies that it has.
 */
export function termsOf(values: PlanValues, before?: PlanTerms): PlanTerms {
  const included = count(values.included);
  const others = (currency: string) =>
    (before?.prices[currency]?.charges ?? []).filter(({ metric }) => metric !== 'calls');
  return {
    ...{ name: values.name.trim(), description: values.description.trim(), interval: values.interval },
    trial_days: count(values.trial_days),
    limits: { burst_per_minute: count(values.burst), daily: count(values.daily) },
    features: values.features
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    prices: Object.fromEntries(
      values.prices.map((price) => [
        price.currency,
        {
          recurring_amount: minorCount(price.recurring, price.currency),
          minimum_amount: minorCount(price.minimum, price.currency),
          charges: [{ metric: 'calls', included, price: priceOf(price) }, ...others(price.currency)],
        },
      ]),
    ),
  };
}

function priceOf({ model, amount, size, tiers, currency }: PriceValues): Price {
  if (model === 'per_unit') return { model, unit_amount: minor(amount, currency) };
  if (model === 'flat') return { model, amount: minorCount(amount, currency) };
  if (model === 'package') return { model, size: count(size), amount: minorCount(amount, currency) };
  return {
    model,
    tiers: tiers.map(({ up_to, unit, flat }) => ({
      up_to: up_to.trim() === '' ? null : count(up_to),
      ...{ unit_amount: minor(unit, currency), flat_amount: minorCount(flat, currency) },
    })),
  };
}

const wholeNumber = (least: number) =>
  z
    .string()
    .check(
      z.refine(
        (text) => /^\d[\d,\s]*$/.test(text.trim()) && count(text) >= least,
        `A whole number from ${least} on`,
      ),
    );
const decimal = z
  .string()
  .check(z.refine((text) => /^(\d{1,12}(\.\d{1,12})?)?$/.test(text.trim()), 'A number such as 49.00'));
const NOT_MINOR = 'More decimals than the currency has';
/** An amount that is charged as it is has at most the decimals of its currency; a price of one unit may have more. */
const isMinor = (text: string, currency: string): boolean =>
  (text.trim().split('.')[1]?.length ?? 0) <= decimalsOf(currency);

const price = z
  .object({
    currency: z.string().check(z.regex(/^[A-Z]{3}$/, 'A code such as EUR')),
    ...{ recurring: decimal, minimum: decimal, amount: decimal },
    model: z.enum(['per_unit', 'flat', 'graduated', 'volume', 'package']),
    size: z.string(),
    tiers: z.array(z.object({ up_to: z.string(), unit: decimal, flat: decimal })),
  })
  .check(
    z.refine(({ recurring, currency }) => isMinor(recurring, currency), {
      path: ['recurring'],
      error: NOT_MINOR,
    }),
    z.refine(({ minimum, currency }) => isMinor(minimum, currency), { path: ['minimum'], error: NOT_MINOR }),
    z.refine(({ model, size }) => model !== 'package' || count(size) >= 1, {
      path: ['size'],
      error: 'How many units a package has',
    }),
    z.refine(
      ({ model, amount, currency }) => (model !== 'flat' && model !== 'package') || isMinor(amount, currency),
      { path: ['amount'], error: NOT_MINOR },
    ),
  );

export const planFormSchema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, 'A name'), z.maxLength(60, 'At most 60 characters')),
  description: z
    .string()
    .check(z.trim(), z.minLength(1, 'One sentence'), z.maxLength(500, 'At most 500 characters')),
  interval: z.enum(['month', 'year']),
  ...{ trial_days: wholeNumber(0), included: wholeNumber(0), burst: wholeNumber(1), daily: wholeNumber(1) },
  features: z.string(),
  prices: z.array(price).check(z.minLength(1, 'A price in at least one currency')),
});
