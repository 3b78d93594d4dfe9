import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { InvoicesTable } from './invoices-table.tsx';
import { ProfileSummary } from './profile-summary.tsx';

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
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[1fr_20rem]">
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
        <ProfileSummary />
      </div>
    </>
  );
}
