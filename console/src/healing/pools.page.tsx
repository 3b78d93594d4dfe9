import type { Pool } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Cable } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { SetPoolDialog } from './set-pool.dialog.tsx';

const LEVELS = {
  normal: { status: 'pass', word: 'Normal' },
  warning: { status: 'warn', word: 'Warning' },
  emergency: { status: 'fail', word: 'Emergency' },
} as const;
const TONES = { normal: 'bg-accent', warning: 'bg-warn-mark', emergency: 'bg-fail-mark' } as const;
const EVERY_MS = 5000;

/** The connections to PostgreSQL of each instance, and what happens when they run out. */
export default function PoolsPage(): ReactNode {
  const pools = useQuery({
    queryKey: ['pools'],
    queryFn: async () => (await api.admin.pools.list()).data,
    refetchInterval: EVERY_MS,
  });
  const [setting, setSetting] = useState<Pool | null>(null);
  const maySet = useMay('pools:write');
  const columns: readonly Column<Pool>[] = [
    { key: 'level', label: 'Level', cell: ({ level }) => <StatusMark {...LEVELS[level]} /> },
    {
      key: 'instance',
      label: 'Instance',
      cell: ({ instance, mode }) => (
        <>
          <Link
            to={`/admin/healing/health/${encodeURIComponent(`service:${instance}`)}`}
            className="font-medium"
          >
            {instance}
          </Link>{' '}
          {mode === 'off' && <Tag tone="accent">off: no request comes first</Tag>}
        </>
      ),
    },
    {
      key: 'use',
      label: 'In use',
      className: 'w-full',
      cell: ({ in_use, level, max }) => (
        <span className="flex items-center gap-3">
          <span aria-hidden className="relative hidden h-1.5 w-48 shrink-0 rounded-full bg-sunken sm:block">
            <span
              className={cx('absolute inset-y-0 left-0 rounded-full', TONES[level])}
              style={{ width: `${Math.min(1, in_use / max) * 100}%` }}
            />
          </span>
          <span className="whitespace-nowrap tabular-nums">
            {formatCount(in_use)} of {formatCount(max)}
          </span>
        </span>
      ),
    },
    { key: 'waiting', label: 'Waiting', end: true, cell: ({ waiting }) => formatCount(waiting) },
    {
      key: 'queued',
      label: 'Waited, then served',
      end: true,
      from: 'md',
      cell: ({ queued_total }) => formatCount(queued_total),
    },
    {
      key: 'refused',
      label: 'Refused',
      end: true,
      from: 'md',
      cell: ({ refused_total }) => formatCount(refused_total),
    },
    ...(maySet
      ? [
          {
            key: 'set',
            label: 'Set',
            hideLabel: true,
            cell: (pool: Pool) => (
              <Button size="sm" variant="ghost" onClick={() => setSetting(pool)}>
                Set
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHeader title="Connection pools" back={<Link to="/admin/healing">Healing</Link>}>
        When the connections of a service to PostgreSQL run out, critical requests come first and others wait.
      </PageHeader>
      <Panel query={pools} flush lines={5} freshForS={15}>
        {(rows) => (
          <DataTable
            caption="Connection pools"
            columns={columns}
            rows={rows}
            keyOf={({ instance }) => instance}
            empty={
              <EmptyState icon={Cable} title="No instance responds">
                Pools live in the processes of the services.
              </EmptyState>
            }
          />
        )}
      </Panel>
      {setting && <SetPoolDialog pool={setting} onClose={() => setSetting(null)} />}
    </>
  );
}
