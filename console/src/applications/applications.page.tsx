import { AppWindow, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { usePageSearch } from '../navigation/page-search.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ApplicationActions } from './application-actions.tsx';
import { type ApplicationRow, KIND_WORDS } from './application-state.ts';
import { CreateApplicationDialog } from './create-application.dialog.tsx';

const search = z.object({
  ...CURSORS,
  status: z.optional(z.enum(['active', 'revoked'])),
  kind: z.optional(z.enum(['service', 'web', 'native'])),
  new: z.optional(z.string()),
});

export default function ApplicationsPage(): ReactNode {
  const [{ status, kind, new: isNew, ...cursors }, setSearch] = usePageSearch(search);
  const setCreating = (open: boolean) => setSearch({ new: open ? 1 : undefined });
  const mayWrite = useMay('applications:write');
  const filter = { ...(status ? { status } : {}), ...(kind ? { kind } : {}) };
  const list = useCursorList<ApplicationRow>({
    queryKey: ['applications', filter],
    search: cursors,
    setSearch,
    load: (cursor) => api.applications.list({ limit: 25, ...filter, ...cursor }),
  });
  const create = mayWrite && (
    <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
      New application
    </Button>
  );
  return (
    <>
      <PageHeader title="Applications" actions={create}>
        Machines and programs that get short-lived tokens by OAuth: service accounts for themselves, web and
        native applications for your people, who are asked first.
      </PageHeader>
      <div className="mb-3 flex flex-wrap gap-2">
        <Filter
          label="State"
          value={status}
          options={{ active: 'Active', revoked: 'Revoked' }}
          onChange={(value) => setSearch({ ...FIRST_PAGE, status: value })}
        />
        <Filter
          label="Kind"
          value={kind}
          options={{ service: 'Service accounts', web: 'Web', native: 'Native' }}
          onChange={(value) => setSearch({ ...FIRST_PAGE, kind: value })}
        />
      </div>
      <Panel query={list.query} flush lines={4}>
        {({ data }) => (
          <>
            <DataTable
              caption="Applications"
              columns={mayWrite ? [...COLUMNS, ACTIONS] : COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              faded={({ revoked_at }) => revoked_at !== null}
              empty={
                status || kind ? (
                  <EmptyState
                    title="No application is like that"
                    action={
                      <Button onClick={() => setSearch({ status: undefined, kind: undefined })}>
                        Show all
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState icon={AppWindow} title="No applications yet" action={create}>
                    Make a service account for a machine that calls the API by itself.
                  </EmptyState>
                )
              }
            />
            <Cursors what="applications" onPrevious={list.onPrevious} onNext={list.onNext} />
          </>
        )}
      </Panel>
      {isNew !== undefined && <CreateApplicationDialog onClose={() => setCreating(false)} />}
    </>
  );
}

const COLUMNS: readonly Column<ApplicationRow>[] = [
  {
    key: 'name',
    label: 'Name',
    cell: ({ id, name, kind }) => (
      <div className="min-w-32">
        <span className="font-medium break-words">{name}</span>
        <div className="text-xs text-faint">{KIND_WORDS[kind].name}</div>
        <div className="max-w-36 sm:max-w-none">
          <CopyableText text={id} what="Client id" />
        </div>
      </div>
    ),
  },
  {
    key: 'state',
    label: 'State',
    cell: ({ revoked_at, secret_last4, old_secret_expires_at: end }) => (
      <>
        <StatusMark plain status={revoked_at ? 'unknown' : 'pass'} word={revoked_at ? 'Revoked' : 'Active'} />
        {!revoked_at && secret_last4 && (
          <div className="font-mono text-xs text-faint">secret …{secret_last4}</div>
        )}
        {!revoked_at && end && (
          <div className="text-xs text-faint">
            old secret ends <Moment at={end} relative />
          </div>
        )}
      </>
    ),
  },
  {
    key: 'scopes',
    label: 'May do',
    from: 'md',
    cell: ({ scopes }) => <span className="font-mono text-xs break-words">{scopes.join(', ')}</span>,
  },
  {
    key: 'used',
    label: 'Last token',
    from: 'sm',
    cell: ({ last_used_at }) =>
      last_used_at ? <Moment at={last_used_at} relative /> : <span className="text-faint">never</span>,
  },
  {
    key: 'made',
    label: 'Made',
    from: 'xl',
    cell: ({ created_at }) => <Moment at={created_at} precision="day" />,
  },
];
const ACTIONS: Column<ApplicationRow> = {
  key: 'actions',
  label: 'Actions',
  hideLabel: true,
  end: true,
  cell: (application) => <ApplicationActions application={application} />,
};
