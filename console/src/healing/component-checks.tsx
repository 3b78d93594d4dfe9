import { useQuery } from '@tanstack/react-query';
import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Api, api } from '../api/portal.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

type Check = Awaited<ReturnType<Api['admin']['health']['listChecks']>>['data'][number];
/** A check is stored every 10 s. */
const REFETCH_MS = 10_000;
const LATEST = 20;

const COLUMNS: readonly Column<Check>[] = [
  { key: 'status', label: 'State', cell: ({ status }) => <StatusMark status={status} /> },
  {
    key: 'at',
    label: 'Observed',
    cell: ({ observed_at }) => <Moment at={observed_at} precision="second" />,
  },
  {
    key: 'latency',
    label: 'Took',
    end: true,
    className: 'whitespace-nowrap',
    cell: ({ latency_ms }) =>
      latency_ms === null ? <span className="text-faint">not timed</span> : `${latency_ms.toFixed(1)} ms`,
  },
  {
    key: 'detail',
    label: 'Detail',
    className: 'w-full min-w-32 break-words text-muted',
    cell: ({ detail }) => detail ?? '',
  },
];

/** What monitor stored of a component last, newest first. */
export function LatestChecks({ component }: { readonly component: string }): ReactNode {
  const checks = useQuery({
    queryKey: ['health', 'checks', component],
    queryFn: async () => (await api.admin.health.listChecks({ component, limit: LATEST })).data,
    refetchInterval: REFETCH_MS,
    meta: { live: true },
  });
  return (
    <Panel title="Latest checks" query={checks} flush lines={8}>
      {(rows) => (
        <DataTable
          caption="Latest checks"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ observed_at, status }) => `${observed_at} ${status}`}
          empty={
            <EmptyState icon={Activity} title="No check is stored">
              Monitor stores a check of each component every 10 seconds, and keeps it for 7 days.
            </EmptyState>
          }
        />
      )}
    </Panel>
  );
}
