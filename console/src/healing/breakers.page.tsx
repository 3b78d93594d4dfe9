import type { Breaker } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Unplug } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { HoldBreakerDialog } from './hold-breaker.dialog.tsx';

const STATES = {
  closed: { status: 'pass', word: 'Closed' },
  'half-open': { status: 'warn', word: 'Half open' },
  open: { status: 'fail', word: 'Open' },
} as const;
const EVERY_MS = 10_000;

export default function BreakersPage(): ReactNode {
  const breakers = useQuery({
    queryKey: ['breakers'],
    queryFn: async () => (await api.admin.breakers.list()).data,
    refetchInterval: EVERY_MS,
    meta: { live: true },
  });
  const [holding, setHolding] = useState<Breaker | null>(null);
  const mayHold = useMay('breakers:write');
  const columns: readonly Column<Breaker>[] = [
    { key: 'state', label: 'State', cell: ({ state }) => <StatusMark {...STATES[state]} /> },
    {
      key: 'breaker',
      label: 'Breaker',
      className: 'w-full',
      cell: ({ breaker, instance, mode, reason }) => (
        <>
          <span className="font-medium">{breaker}</span> <span className="text-muted">in {instance}</span>{' '}
          {mode !== 'auto' && <Tag tone="accent">held {mode}</Tag>}
          <br />
          <span className="text-sm text-faint">{reason}</span>
        </>
      ),
    },
    {
      key: 'failures',
      label: 'Failures in a row',
      end: true,
      from: 'md',
      cell: ({ consecutive_failures }) => formatCount(consecutive_failures),
    },
    {
      key: 'opened',
      label: 'Opened',
      end: true,
      from: 'md',
      cell: ({ opened_total }) => `${formatCount(opened_total)} ×`,
    },
    { key: 'since', label: 'Since', from: 'lg', cell: ({ since }) => <Moment at={since} relative /> },
    ...(mayHold
      ? [
          {
            key: 'hold',
            label: 'Hold or release',
            hideLabel: true,
            cell: (breaker: Breaker) => (
              <Button size="sm" variant="ghost" onClick={() => setHolding(breaker)}>
                {breaker.mode === 'auto' ? 'Hold' : 'Release'}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHeader title="Circuit breakers" back={<Link to="/admin/healing">Healing</Link>}>
        Each keeps calls from a dependency that fails, in the process that calls it.
      </PageHeader>
      <Panel query={breakers} flush lines={8} freshForS={30}>
        {(rows) => (
          <DataTable
            caption="Circuit breakers"
            columns={columns}
            rows={inOrder(rows)}
            keyOf={({ instance, breaker }) => `${instance} ${breaker}`}
            empty={
              <EmptyState icon={Unplug} title="No instance responds">
                Breakers live in the processes of the services.
              </EmptyState>
            }
          />
        )}
      </Panel>
      {holding && <HoldBreakerDialog breaker={holding} onClose={() => setHolding(null)} />}
    </>
  );
}

const WEIGHT = { open: 0, 'half-open': 1, closed: 2 } as const;

/** Open breakers first, then held ones, then by name. */
const inOrder = (breakers: readonly Breaker[]): readonly Breaker[] =>
  breakers.toSorted(
    (left, right) =>
      WEIGHT[left.state] - WEIGHT[right.state] ||
      Number(left.mode === 'auto') - Number(right.mode === 'auto') ||
      left.instance.localeCompare(right.instance) ||
      left.breaker.localeCompare(right.breaker),
  );
