import type { Invoice } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { Cursors } from '../ui/data-table.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { InvoicesTable } from './invoices-table.tsx';

const search = z.object(CURSORS);

export default function InvoicesPage(): ReactNode {
  const [cursors, setSearch] = usePageSearch(search);
  const list = useCursorList<Invoice>({
    queryKey: ['invoices', 'all'],
    search: cursors,
    setSearch,
    load: (cursor) => api.invoices.list({ limit: 25, ...cursor }),
  });
  return (
    <>
      <PageHeader
        title="Invoices"
        back={
          <Link to="/billing" className="link">
            Billing
          </Link>
        }
      >
        Every invoice and credit note, with its file.
      </PageHeader>
      <Panel query={list.query} flush lines={6}>
        {({ data }) => (
          <>
            <InvoicesTable rows={data} />
            <Cursors what="invoices" onPrevious={list.onPrevious} onNext={list.onNext} />
          </>
        )}
      </Panel>
    </>
  );
}
