import type { planSchema } from '@gridworks/contracts';
import type { z } from 'zod';

export type Plan = z.output<typeof planSchema>;

/** The plan of every new account. */
export const FIRST_PLAN_ID = 'free';

/** Cheapest first. Prices in cents; a changed price applies to every account with the plan. */
export const PLANS: readonly Plan[] = [
  {
    object: 'plan',
    id: 'free',
    name: 'Free',
    currency: 'EUR',
    monthly_price: 0,
    included_calls: 10_000,
    unit_price: '0',
    limits: { burst_per_minute: 60, daily: 1_000 },
  },
  {
    object: 'plan',
    id: 'growth',
    name: 'Growth',
    currency: 'EUR',
    monthly_price: 4_900,
    included_calls: 500_000,
    unit_price: '0.012',
    limits: { burst_per_minute: 600, daily: 50_000 },
  },
  {
    object: 'plan',
    id: 'scale',
    name: 'Scale',
    currency: 'EUR',
    monthly_price: 49_900,
    included_calls: 10_000_000,
    unit_price: '0.0065',
    limits: { burst_per_minute: 6_000, daily: 1_000_000 },
  },
];

/**
 * The plan of an account. The first plan for an account that is not opened yet or whose plan no longer
 * exists.
 */
export function planOf(id: string | null): Plan {
  return PLANS.find((plan) => plan.id === id) ?? (PLANS.find((plan) => plan.id === FIRST_PLAN_ID) as Plan);
}
