/** The members of a plan of `GET /v1/plans` that prices need. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** Minor units of `currency` a month. */
  readonly monthly_price: number;
  readonly included_calls: number;
  /** Minor units of `currency` for one call above the included ones, as a decimal string. */
  readonly unit_price: string;
  readonly limits: { readonly burst_per_minute: number; readonly daily: number };
}

/** The days of a month where only calls a month are known. */
export const DAYS_A_MONTH = 30;

/**
 * The cost of a month with this many calls, in minor units, rounded once. Null when the daily limit does not
 * permit them.
 */
export function monthlyCost(plan: Plan, calls: number): number | null {
  if (calls > plan.limits.daily * DAYS_A_MONTH) return null;
  const above = Math.max(0, calls - plan.included_calls);
  return Math.round(plan.monthly_price + above * Number(plan.unit_price));
}

/**
 * The cheapest plan that permits this many calls a month; of equal ones the first. Null when there is none.
 */
export function bestPlan(plans: readonly Plan[], calls: number): Plan | null {
  let best: Plan | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const plan of plans) {
    const cost = monthlyCost(plan, calls);
    if (cost !== null && cost < least) [best, least] = [plan, cost];
  }
  return best;
}

/** The steps of the slider: 1, 2 and 5 of each power of ten. */
export const CALL_STEPS: readonly number[] = [
  1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
  10_000_000, 20_000_000, 50_000_000,
];
export const DEFAULT_CALLS = 500_000;
const MAX_CALLS = 1_000_000_000;

/** The `calls` parameter of an address: a whole number, else the default. */
export function callsOf(search: string): number {
  const text = new URLSearchParams(search).get('calls') ?? '';
  const calls = /^\d{1,10}$/.test(text) ? Number(text) : DEFAULT_CALLS;
  return Math.min(calls, MAX_CALLS);
}

/** The step of the slider nearest to a number of calls, by ratio. */
export function stepOf(calls: number): number {
  const distance = (step: number) => Math.abs(Math.log(step / Math.max(1, calls)));
  return CALL_STEPS.reduce(
    (best, step, index) => (distance(step) < distance(CALL_STEPS[best] ?? 1) ? index : best),
    0,
  );
}

/** Formats minor units for people; whole amounts without decimals. */
export function money(minor: number, currency: string, locale?: string): string {
  const digits =
    new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2;
  const amount = minor / 10 ** digits;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : digits,
  }).format(amount);
}

/**
 * The price of ten thousand calls above the included ones, in minor units: a single call would cost parts of
 * a cent.
 */
export const priceOfTenThousand = (plan: Plan): number => Math.round(Number(plan.unit_price) * 10_000);
