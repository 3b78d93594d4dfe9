import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { Panel } from '../ui/panel.tsx';
import { CreditBalances } from './credit-balances.tsx';

export const CREDITS_KEY = ['credits'] as const;

/** The credit that the next invoices burn. */
export function CreditPanel(): ReactNode {
  const credits = useQuery({
    queryKey: [...CREDITS_KEY, 'balance'],
    queryFn: () => api.creditBalances.get(),
  });
  return (
    <Panel
      query={credits}
      title="Credit"
      lines={2}
      actions={
        <Link to="/billing/credits" className="link text-sm">
          Details
        </Link>
      }
    >
      {({ balances }) => <CreditBalances balances={balances} />}
    </Panel>
  );
}
