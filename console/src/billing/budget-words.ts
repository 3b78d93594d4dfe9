import type { Spending } from '@gridworks/sdk';

export const BUDGET_KEY = ['budget'] as const;

/** What is said of a budget outside of the billing pages: from 80 % on. Null for nothing. */
export function budgetNotice(budget: Spending['budget']): { status: 'warn' | 'fail'; text: string } | null {
  if (budget === null || budget.percent < 80) return null;
  const { percent, at_limit } = budget;
  if (percent < 100) return { status: 'warn', text: `${percent} % of the budget of this month is used.` };
  if (at_limit === 'overage')
    return { status: 'warn', text: 'The budget of this month is used up. Calls go on and are charged.' };
  return {
    status: 'fail',
    text: 'Calls of your programs are stopped: the budget of this month is used up. Raise it under Billing.',
  };
}
