import { LifeBuoy } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, useCursorList } from '../api/cursor-list.ts';
import { type Api, api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SelectField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const STATES = ['open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed'] as const;
const STATE_MARKS = {
  open: { status: 'warn', word: 'Open' },
  in_progress: { status: 'warn', word: 'In progress' },
  waiting_on_partner: { status: 'unknown', word: 'Waiting on partner' },
  resolved: { status: 'pass', word: 'Resolved' },
  closed: { status: 'unknown', word: 'Closed' },
} as const;
const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
const searchSchema = z.object({
  ...CURSORS,
  status: z.optional(z.enum(STATES)),
  priority: z.optional(z.enum(PRIORITIES)),
  partner: z.optional(z.string()),
});
const FIRST_PAGE = { starting_after: undefined, ending_before: undefined };
const ANY = { value: '', label: 'Any' };
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
  { key: 'priority', label: 'Priority', from: 'sm', cell: ({ priority }) => priority },
  {
    key: 'changed',
    label: 'Changed',
    from: 'md',
    cell: ({ updated_at }) => <Moment at={updated_at} relative />,
  },
];

/** Tickets of all partners, to read. */
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
    load: (cursor) => api.admin.tickets.listAll({ limit: 50, ...filters, ...cursor }),
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
      <div className="mb-4 grid max-w-md grid-cols-2 gap-3">
        <SelectField
          label="State"
          value={status ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, status: event.target.value })}
          options={[ANY, ...STATES.map((value) => ({ value, label: STATE_MARKS[value].word }))]}
        />
        <SelectField
          label="Priority"
          value={priority ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, priority: event.target.value })}
          options={[ANY, ...PRIORITIES.map((value) => ({ value, label: value }))]}
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
