import { useQuery } from '@tanstack/react-query';
import { api } from '../api/portal.ts';
import { useMay } from '../session/session.ts';
import { useBanner } from '../ui/banner.tsx';
import { BUDGET_KEY, budgetNotice } from './budget-words.ts';

/** Says in a banner that a budget is nearly, or all, used; for those who see what is charged. */
export function BudgetNotice(): null {
  const mayRead = useMay('billing:read');
  const spending = useQuery({ queryKey: BUDGET_KEY, queryFn: () => api.budgets.get(), enabled: mayRead });
  const notice = budgetNotice(spending.data?.budget ?? null);
  useBanner('budget', notice?.status ?? 'warn', notice?.text ?? null);
  return null;
}
