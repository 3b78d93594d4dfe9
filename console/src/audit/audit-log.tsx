import type { AuditEntry } from '@gridworks/sdk';
import { ScrollText } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { SearchField } from '../admin/search-field.tsx';
import { CURSORS, FIRST_PAGE, type ListPage, useCursorList } from '../api/cursor-list.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { buttonClass } from '../ui/button.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextField } from '../ui/field.tsx';
import { Filter } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { AuditEntryDialog, Outcome } from './audit-entry.dialog.tsx';
import { ACTION_WORDS, ACTIONS, type AuditAction, actorWords } from './words.ts';

const searchSchema = z.object({
  ...CURSORS,
  query: z.optional(z.string()),
  action: z.optional(z.enum(ACTIONS as [AuditAction, ...AuditAction[]])),
  actor: z.optional(z.string()),
  object: z.optional(z.string()),
  chain: z.optional(z.string()),
  /** Days, UTC, the last one included. */
  from: z.optional(z.iso.date()),
  to: z.optional(z.iso.date()),
});

/** The filters of the address as the API has them. */
export interface AuditFilters {
  readonly query?: string;
  readonly action?: AuditAction;
  readonly actor?: string;
  readonly object_id?: string;
  readonly chain?: string;
  readonly from?: string;
  readonly to?: string;
}

interface Cursor {
  readonly starting_after?: string;
  readonly ending_before?: string;
}

const DAY_MS = 86_400_000;
const midnight = (day: string, days = 0): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString();

interface AuditLogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly words: Readonly<Record<AuditAction, string>>;
  /** The address of the export. */
  readonly exportPath: string;
  /** Whether the entries of all partners are shown. */
  readonly ofAll?: boolean;
  readonly load: (
    query: AuditFilters & Cursor & { readonly limit: number },
  ) => PromiseLike<ListPage<AuditEntry>>;
}

/** The audit log: filters in the address, one page of entries, one entry in a dialog. */
export function AuditLog({
  title,
  children,
  words,
  exportPath,
  ofAll = false,
  load,
}: AuditLogProps): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const { query: text, action, actor, object, chain, from, to } = search;
  const filters: AuditFilters = {
    ...(text ? { query: text } : {}),
    ...(action ? { action } : {}),
    ...(actor ? { actor } : {}),
    ...(object ? { object_id: object } : {}),
    ...(ofAll && chain ? { chain } : {}),
    ...(from ? { from: midnight(from) } : {}),
    ...(to ? { to: midnight(to, 1) } : {}),
  };
  const { query, onPrevious, onNext } = useCursorList<AuditEntry>({
    queryKey: ['audit', ofAll, filters],
    search,
    setSearch,
    load: async (cursor) => await load({ limit: 50, ...filters, ...(cursor as Cursor) }),
    live: true,
  });
  const narrowed = { actor, object, chain: ofAll ? chain : undefined };
  return (
    <>
      <PageHeader title={title} actions={<Exports path={exportPath} filters={filters} />}>
        {children}
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SearchField
          label="Search in all texts"
          value={text ?? ''}
          onSearch={(value) => setSearch({ ...FIRST_PAGE, query: value })}
        />
        <TextField
          label="From"
          type="date"
          value={from ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, from: event.target.value })}
        />
        <TextField
          label="To"
          type="date"
          value={to ?? ''}
          onChange={(event) => setSearch({ ...FIRST_PAGE, to: event.target.value })}
        />
        <Filter
          label="Action"
          value={action}
          options={words}
          onChange={(value) => setSearch({ ...FIRST_PAGE, action: value })}
        />
        {Object.entries(narrowed).map(
          ([name, value]) =>
            value && (
              <button
                key={name}
                type="button"
                className={buttonClass()}
                onClick={() => setSearch({ ...FIRST_PAGE, [name]: undefined })}
              >
                {name}: <span className="max-w-40 truncate">{value}</span> ×
              </button>
            ),
        )}
      </div>
      <Panel query={query} flush lines={10}>
        {({ data }) => (
          <>
            <DataTable
              caption={title}
              columns={columnsOf(ofAll, setOpened, (change) => setSearch({ ...FIRST_PAGE, ...change }))}
              rows={data}
              keyOf={({ id }) => id}
              empty={
                <EmptyState
                  icon={ScrollText}
                  title={Object.keys(filters).length > 0 ? 'No entry fits' : 'No entry yet'}
                />
              }
            />
            <Cursors what="entries" onPrevious={onPrevious} onNext={onNext} />
          </>
        )}
      </Panel>
      {opened && <AuditEntryDialog entry={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** The log as a file, with the filters of the page. */
function Exports({ path, filters }: { readonly path: string; readonly filters: AuditFilters }): ReactNode {
  const hrefOf = (format: string) => `${path}?${new URLSearchParams({ ...filters, format })}`;
  return (
    <>
      <a href={hrefOf('csv')} download="audit.csv" className={buttonClass()}>
        CSV
      </a>
      <a href={hrefOf('ndjson')} download="audit.ndjson" className={buttonClass()}>
        NDJSON
      </a>
    </>
  );
}

function columnsOf(
  ofAll: boolean,
  open: (entry: AuditEntry) => void,
  narrow: (change: { readonly actor?: string; readonly object?: string }) => void,
): readonly Column<AuditEntry>[] {
  const link = 'max-w-36 truncate text-start hover:underline';
  const columns: readonly (Column<AuditEntry> | false)[] = [
    {
      key: 'at',
      label: 'At',
      from: 'md',
      className: 'whitespace-nowrap',
      cell: ({ at }) => <Moment at={at} precision="second" />,
    },
    {
      key: 'action',
      label: 'Action',
      className: 'w-full min-w-40',
      cell: (entry) => (
        <>
          <button
            type="button"
            className="text-start font-medium hover:underline"
            onClick={() => open(entry)}
          >
            {ACTION_WORDS[entry.action]}
          </button>
          <span className="block text-sm text-muted md:hidden">
            <Moment at={entry.at} precision="second" />
          </span>
        </>
      ),
    },
    { key: 'outcome', label: 'Outcome', cell: (entry) => <Outcome entry={entry} /> },
    {
      key: 'actor',
      label: 'By',
      from: 'md',
      cell: ({ actor }) =>
        actor.id === null ? (
          <span className="text-faint">{actorWords(actor)}</span>
        ) : (
          <button
            type="button"
            className={link}
            title={actor.id}
            onClick={() => narrow({ actor: actor.id ?? '' })}
          >
            {actor.id}
          </button>
        ),
    },
    {
      key: 'object',
      label: 'Object',
      from: 'xl',
      cell: ({ object_id }) =>
        object_id && (
          <button
            type="button"
            className={link}
            title={object_id}
            onClick={() => narrow({ object: object_id })}
          >
            {object_id}
          </button>
        ),
    },
    ofAll && {
      key: 'partner',
      label: 'Partner',
      from: 'lg',
      cell: ({ partner_id }) =>
        partner_id ? (
          <Link to={`/admin/partners/${partner_id}`} className="block max-w-36 truncate">
            {partner_id}
          </Link>
        ) : (
          <span className="text-faint">GridWorks</span>
        ),
    },
    { key: 'network', label: 'From', from: 'xl', cell: ({ network }) => network ?? '' },
  ];
  return columns.filter((column) => column !== false);
}
