import { KeyRound, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { SparkLine } from '../charts/spark-line.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount, plural } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { CreateKeyDialog } from './create-key.dialog.tsx';
import { KeyActions } from './key-actions.tsx';
import { KeyLimits } from './key-limits.tsx';
import { KEY_STATES, type KeyRow, keyState } from './key-state.ts';

const search = z.object({
  ...CURSORS,
  status: z.optional(z.enum(['active', 'expired', 'revoked'])),
  new: z.optional(z.string()),
  mode: z.optional(z.enum(['live', 'test'])),
  /** Keys of programs when it is left out. */
  purpose: z.optional(z.enum(['explorer'])),
});

export default function KeysPage(): ReactNode {
  const [{ status, mode, purpose: asked, new: isNew, ...cursors }, setSearch] = usePageSearch(search);
  const purpose: KeyRow['purpose'] = asked ?? 'program';
  const isCreating = isNew !== undefined;
  const setCreating = (open: boolean) => setSearch({ new: open ? 1 : undefined });
  const mayWrite = useMay('api-keys:write');
  const mayRevoke = useMay('api-keys:revoke');
  const filter = { ...(status ? { status } : {}), ...(mode ? { mode } : {}), purpose };
  const list = useCursorList<KeyRow>({
    queryKey: ['api-keys', filter],
    search: cursors,
    setSearch,
    load: (cursor) => api.apiKeys.list({ limit: 25, ...filter, ...cursor }),
  });
  const create = mayWrite && (
    <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
      Create key
    </Button>
  );
  return (
    <>
      <PageHeader title="API keys" actions={create}>
        Your programs call the API with these. A key is shown once, when it is made; afterwards only its last
        four characters are known.
      </PageHeader>
      <div className="mb-3 flex flex-wrap gap-2">
        <Filter
          label="State"
          value={status}
          options={{ active: 'Active', expired: 'Expired', revoked: 'Revoked' }}
          onChange={(value) => setSearch({ ...FIRST_PAGE, status: value })}
        />
        <Filter
          label="Mode"
          value={mode}
          options={{ live: 'Live', test: 'Test' }}
          onChange={(value) => setSearch({ ...FIRST_PAGE, mode: value })}
        />
        <Filter
          label="Made for"
          all="Programs"
          value={asked}
          options={{ explorer: 'API explorer' }}
          onChange={(value) => setSearch({ ...FIRST_PAGE, purpose: value })}
        />
      </div>
      <Panel query={list.query} flush lines={5}>
        {({ data }) => (
          <>
            <DataTable
              caption="API keys"
              columns={mayWrite || mayRevoke ? [...COLUMNS, ACTIONS] : COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              faded={(key) => ['expired', 'revoked'].includes(keyState(key))}
              empty={
                status || mode || asked ? (
                  <EmptyState
                    title="No key is like that"
                    action={
                      <Button
                        onClick={() => setSearch({ status: undefined, mode: undefined, purpose: undefined })}
                      >
                        Show keys of programs
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState icon={KeyRound} title="No keys yet" action={create}>
                    Make one in test mode, and send your first call with it.
                  </EmptyState>
                )
              }
            />
            <Cursors what="keys" onPrevious={list.onPrevious} onNext={list.onNext} />
          </>
        )}
      </Panel>
      {isCreating && <CreateKeyDialog onClose={() => setCreating(false)} />}
    </>
  );
}

const COLUMNS: readonly Column<KeyRow>[] = [
  {
    key: 'name',
    label: 'Name',
    cell: ({ name, mode, last4, scopes, allowed_networks, imported, limits }) => (
      <div className="min-w-36">
        <span className="font-medium break-words">{name}</span>
        <div className="mt-0.5 flex items-center gap-2 font-mono text-xs text-faint">
          <Tag {...(mode === 'test' ? { tone: 'test' as const } : {})}>{mode}</Tag>…{last4}
        </div>
        <KeyLimits scopes={scopes} networks={allowed_networks} imported={imported} limits={limits} />
      </div>
    ),
  },
  {
    key: 'state',
    label: 'State',
    cell: (key) => {
      const state = keyState(key);
      const { word, status } = KEY_STATES[state];
      return (
        <>
          <StatusMark plain status={status} word={word} />
          {key.leaked_at && <div className="text-xs text-fail">✕ found in public</div>}
          {key.expires_at && (state === 'ending' || state === 'active') && (
            <div className="text-xs text-faint">
              ends <Moment at={key.expires_at} />
            </div>
          )}
        </>
      );
    },
  },
  {
    key: 'used',
    label: 'Last used',
    from: 'sm',
    className: 'min-w-40',
    cell: ({ last_used_at, calls }) =>
      calls === null ? (
        <span className="text-unknown">◌ unknown</span>
      ) : (
        <Moment at={last_used_at} relative />
      ),
  },
  {
    key: 'calls',
    label: 'Calls, 30 days',
    from: 'md',
    cell: ({ calls }) =>
      calls && (
        <div className="flex items-center gap-3">
          <SparkLine values={calls.days} label={`${plural(calls.total, 'call')} in 30 days`} />
          <span className="tabular-nums">{formatCount(calls.total)}</span>
        </div>
      ),
  },
  {
    key: 'made',
    label: 'Made',
    from: 'xl',
    cell: ({ created_at }) => <Moment at={created_at} precision="day" />,
  },
];
const ACTIONS: Column<KeyRow> = {
  key: 'actions',
  label: 'Actions',
  hideLabel: true,
  end: true,
  cell: (key) => <KeyActions apiKey={key} />,
};
