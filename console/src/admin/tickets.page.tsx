import { LifeBuoy } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { type Api, api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { TICKET_PRIORITIES, TICKET_STATUSES } from '../tickets/ticket-words.ts';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter, wordsOf } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const STATES = ['open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed'] as const;
/** Marks from the view of GridWorks: a ticket that waits for the partner needs no action here. */
const STATE_MARKS = {
  ...TICKET_STATUSES,
  waiting_on_partner: { word: 'Waiting on partner', status: 'unknown' },
} as const;
const STATE_WORDS = wordsOf(STATE_MARKS);
const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
const searchSchema = z.object({
  ...CURSORS,
  status: z.optional(z.enum(STATES)),
  priority: z.optional(z.enum(PRIORITIES)),
  partner: z.optional(z.string()),
});
type TicketRow = Awaited<ReturnType<Api['admin']['tickets']['listAll']>>['data'][number];

const COLUMNS: readonly Column<TicketRow>[] = [
  { key: 'status', label: 'State', cell: ({ status }) => <StatusMark {...STATE_MARKS[status]} /> },
  {
    key: 'subject',
    label: 'Ticket',
    className: 'w-full min-w-48',
    cell: ({ subject, body, partner_id }) => (
      <details>
        <summary className="cursor-pointer font-medium">{subject}</summary>
        <p className="mt-1 max-w-prose text-sm break-words whitespace-pre-wrap text-muted">{body}</p>
        <Link to={`/admin/partners/${partner_id}`} className="text-sm">
          Partner
        </Link>
      </details>
    ),
  },
  { key: 'priority', label: 'Priority', from: 'sm', cell: ({ priority }) => TICKET_PRIORITIES[priority] },
  {
    key: 'changed',
    label: 'Changed',
    from: 'md',
    cell: ({ updated_at }) => <Moment at={updated_at} relative />,
  },
];

/** Tickets of all partners, read-only. */
export default function AdminTicketsPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { status, priority, partner } = search;
  const filters = {
    ...(status ? { status } : {}),
    ...(priority ? { priority } : {}),
    ...(partner ? { partner_id: partner } : {}),
  };
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['tickets', 'all', filters],
    search,
    setSearch,
    load: (cursor) => api.admin.tickets.listAll({ limit: 25, ...filters, ...cursor }),
  });
  return (
    <>
      <PageHeader title="Tickets">
        Of all partners, newest first.
        {partner && (
          <>
            {' '}
            Of one partner only. <Link to="/admin/tickets">Show all</Link>
          </>
        )}
      </PageHeader>
      <div className="mb-4 flex flex-wrap gap-2">
        <Filter
          label="State"
          value={status}
          options={STATE_WORDS}
          onChange={(next) => setSearch({ ...FIRST_PAGE, status: next })}
        />
        <Filter
          label="Priority"
          value={priority}
          options={TICKET_PRIORITIES}
          onChange={(next) => setSearch({ ...FIRST_PAGE, priority: next })}
        />
      </div>
      <Panel query={query} flush lines={10}>
        {({ data }) => (
          <>
            <DataTable
              caption="Tickets"
              columns={COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              empty={<EmptyState icon={LifeBuoy} title="No ticket fits" />}
            />
            <Cursors what="tickets" onPrevious={onPrevious} onNext={onNext} />
          </>
        )}
      </Panel>
    </>
  );
}
