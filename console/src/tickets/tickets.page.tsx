import type { Ticket } from '@gridworks/sdk';
import { LifeBuoy, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { buttonClass } from '../ui/button.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { TICKET_PRIORITIES, TICKET_STATUSES, type TicketStatus } from './ticket-words.ts';

const search = z.object({
  ...CURSORS,
  status: z.optional(z.enum(['open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed'])),
});
const STATUS_LABELS = Object.fromEntries(
  Object.entries(TICKET_STATUSES).map(([status, { word }]) => [status, word]),
) as Record<TicketStatus, string>;

export default function TicketsPage(): ReactNode {
  const [{ status, ...cursors }, setSearch] = usePageSearch(search);
  const filter = status ? { status } : {};
  const list = useCursorList<Ticket>({
    queryKey: ['tickets', filter],
    search: cursors,
    setSearch,
    load: (cursor) => api.tickets.list({ limit: 25, ...filter, ...cursor }),
  });
  const open = (
    <Link to="/support/new" className={buttonClass('primary')}>
      <Plus aria-hidden size={14} />
      New ticket
    </Link>
  );
  return (
    <>
      <PageHeader title="Support" actions={open}>
        What you asked us, and where it stands.
      </PageHeader>
      <div className="mb-3">
        <Filter
          label="Status"
          value={status}
          options={STATUS_LABELS}
          onChange={(value) => setSearch({ ...FIRST_PAGE, status: value })}
        />
      </div>
      <Panel query={list.query} flush lines={6}>
        {({ data }) => (
          <>
            <DataTable
              caption="Tickets"
              columns={COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              empty={
                status ? (
                  <EmptyState title={`No ticket is ${TICKET_STATUSES[status].word.toLowerCase()}`} />
                ) : (
                  <EmptyState icon={LifeBuoy} title="No tickets yet" action={open}>
                    Something does not work, or a question is open? Write to us: people read it.
                  </EmptyState>
                )
              }
            />
            <Cursors what="tickets" onPrevious={list.onPrevious} onNext={list.onNext} />
          </>
        )}
      </Panel>
    </>
  );
}

const COLUMNS: readonly Column<Ticket>[] = [
  {
    key: 'subject',
    label: 'Subject',
    className: 'w-full',
    cell: ({ id, subject }) => (
      <Link to={`/support/${id}`} className="font-medium break-words text-text hover:underline">
        {subject}
      </Link>
    ),
  },
  {
    key: 'status',
    label: 'Status',
    cell: ({ status }) => <StatusMark {...TICKET_STATUSES[status]} />,
  },
  { key: 'priority', label: 'Priority', from: 'md', cell: ({ priority }) => TICKET_PRIORITIES[priority] },
  {
    key: 'updated',
    label: 'Updated',
    from: 'sm',
    cell: ({ updated_at }) => <Moment at={updated_at} relative />,
  },
];
