import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { BudgetPanel } from './budget-panel.tsx';
import { CreditPanel } from './credit-panel.tsx';
import { InvoicesTable } from './invoices-table.tsx';
import { MethodsPanel } from './methods-panel.tsx';
import { NextInvoice } from './next-invoice.tsx';
import { ProfileSummary } from './profile-summary.tsx';
import { SubscriptionPanel } from './subscription-panel.tsx';

const SHOWN = 5;

/** What the partner pays, for what, and to whom its invoices are addressed. */
export default function BillingPage(): ReactNode {
  const invoices = useQuery({
    queryKey: ['invoices', 'newest'],
    queryFn: () => api.invoices.list({ limit: SHOWN }),
  });
  return (
    <>
      <PageHeader title="Billing">Your plan, what it costs, and your invoices.</PageHeader>
      <div className="mb-5 grid grid-cols-1 gap-5 lg:grid-cols-2">
        <SubscriptionPanel />
        <NextInvoice />
        <BudgetPanel />
        <CreditPanel />
      </div>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[1fr_22rem]">
        <Panel
          query={invoices}
          title="Newest invoices"
          flush
          lines={5}
          actions={
            <Link to="/billing/invoices" className="link text-sm">
              All invoices
            </Link>
          }
        >
          {({ data }) => <InvoicesTable rows={data} />}
        </Panel>
        <div className="flex flex-col gap-5">
          <MethodsPanel />
          <ProfileSummary />
        </div>
      </div>
    </>
  );
}
