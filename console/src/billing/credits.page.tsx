import type { CreditMovement } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { CURSORS, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Cursors } from '../ui/data-table.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { AutoTopUpPanel } from './auto-top-up-panel.tsx';
import { CreditBalances } from './credit-balances.tsx';
import { CREDITS_KEY } from './credit-panel.tsx';
import { GrantsTable, MovementsTable } from './credit-tables.tsx';
import { TopUpDialog } from './top-up.dialog.tsx';

const search = z.object(CURSORS);
/** Grants are few; older ones are in the movements. */
const GRANTS = 20;

export default function CreditsPage(): ReactNode {
  const mayWrite = useMay('billing:write');
  const [isToppingUp, setToppingUp] = useState(false);
  const [cursors, setSearch] = usePageSearch(search);
  const balance = useQuery({
    queryKey: [...CREDITS_KEY, 'balance'],
    queryFn: () => api.creditBalances.get(),
  });
  const grants = useQuery({
    queryKey: [...CREDITS_KEY, 'grants'],
    queryFn: () => api.creditGrants.list({ limit: GRANTS }),
  });
  const movements = useCursorList<CreditMovement>({
    queryKey: [...CREDITS_KEY, 'movements'],
    search: cursors,
    setSearch,
    load: (cursor) => api.creditMovements.list({ limit: 25, ...cursor }),
  });
  return (
    <>
      <PageHeader
        title="Credit"
        back={
          <Link to="/billing" className="link">
            Billing
          </Link>
        }
        actions={
          mayWrite && (
            <Button variant="primary" icon={Plus} onClick={() => setToppingUp(true)}>
              Top up
            </Button>
          )
        }
      >
        Your invoices burn it by themselves: what expires first, then what you were given.
      </PageHeader>
      <div className="mb-5 grid grid-cols-1 gap-5 lg:grid-cols-2">
        <Panel query={balance} title="Balance" lines={3}>
          {({ balances }) => <CreditBalances balances={balances} />}
        </Panel>
        <AutoTopUpPanel />
      </div>
      <div className="flex flex-col gap-5">
        <Panel query={grants} title="Credit you have had" flush lines={3}>
          {({ data }) => <GrantsTable rows={data} />}
        </Panel>
        <Panel query={movements.query} title="Movements" flush lines={5}>
          {({ data }) => (
            <>
              <MovementsTable rows={data} />
              <Cursors what="movements" onPrevious={movements.onPrevious} onNext={movements.onNext} />
            </>
          )}
        </Panel>
      </div>
      {isToppingUp && <TopUpDialog onClose={() => setToppingUp(false)} />}
    </>
  );
}
