import { UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { type Api, api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { SearchField } from './search-field.tsx';

const searchSchema = z.object({
  ...CURSORS,
  query: z.optional(z.string()),
  /** A day, UTC: partners that registered on it or later. */
  since: z.optional(z.iso.date()),
});
type PartnerRow = Awaited<ReturnType<Api['admin']['partners']['list']>>['data'][number];

const COLUMNS: readonly Column<PartnerRow>[] = [
  {
    key: 'name',
    label: 'Partner',
    className: 'w-full min-w-40',
    cell: ({ id, name, suspension }) => (
      <>
        <Link to={`/admin/partners/${id}`} className="font-medium text-text">
          {name}
        </Link>
        {suspension && (
          <span className="ms-2" title={suspension.reason}>
            <StatusMark status="fail" word="suspended" />
          </span>
        )}
      </>
    ),
  },
  { key: 'plan', label: 'Plan', cell: ({ use }) => use?.plan.name ?? <Missing /> },
  {
    key: 'use',
    label: 'Calls this month',
    end: true,
    cell: ({ use }) =>
      use ? `${formatCount(use.used_calls)} of ${formatCount(use.plan.included_calls)}` : <Missing />,
  },
  { key: 'users', label: 'People', end: true, from: 'md', cell: ({ users }) => formatCount(users) },
  { key: 'keys', label: 'Keys', end: true, from: 'md', cell: ({ api_keys }) => formatCount(api_keys) },
  {
    key: 'tickets',
    label: 'Open tickets',
    end: true,
    from: 'md',
    cell: ({ open_tickets }) => (open_tickets === null ? <Missing /> : formatCount(open_tickets)),
  },
  {
    key: 'since',
    label: 'Since',
    from: 'lg',
    cell: ({ created_at }) => <Moment at={created_at} precision="day" />,
  },
];

const Missing = (): ReactNode => (
  <span className="text-faint" title="The service that knows does not respond now">
    ◌ unknown
  </span>
);

export default function PartnersPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { query: text, since } = search;
  const filters = { ...(text ? { query: text } : {}), ...(since ? { from: `${since}T00:00:00Z` } : {}) };
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['partners', filters],
    search,
    setSearch,
    load: (cursor) => api.admin.partners.list({ limit: 50, ...filters, ...cursor }),
  });
  return (
    <>
      <PageHeader title="Partners">Companies that use the API, newest first.</PageHeader>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SearchField
          label="Search by name or id"
          value={text ?? ''}
          onSearch={(value) => setSearch({ ...FIRST_PAGE, query: value })}
        />
        <TextField
          label="Registered since"
          type="date"
          value={since ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, since: event.target.value })}
        />
      </div>
      <Panel query={query} flush lines={10}>
        {({ data }) => (
          <>
            <DataTable
              caption="Partners"
              columns={COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              empty={
                <EmptyState icon={UsersRound} title={text || since ? 'No partner fits' : 'No partner yet'} />
              }
            />
            <Cursors what="partners" onPrevious={onPrevious} onNext={onNext} />
          </>
        )}
      </Panel>
    </>
  );
}
