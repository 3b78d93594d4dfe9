import type { HealingAction } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ACTION_STATE } from './words.ts';

const RECENT = 8;

const COLUMNS: readonly Column<HealingAction>[] = [
  { key: 'state', label: 'State', cell: ({ state }) => <StatusMark {...ACTION_STATE[state]} /> },
  {
    key: 'action',
    label: 'Action',
    className: 'w-full',
    cell: ({ remedy, target, incident_id, incident_title }) => (
      <>
        <code className="text-sm">{remedy}</code> <span className="text-muted">on {target.process}</span>
        <br />
        <Link to={`/admin/healing/incidents/${incident_id}`} className="text-sm">
          {incident_title}
        </Link>
      </>
    ),
  },
  { key: 'at', label: 'When', from: 'sm', cell: ({ intended_at }) => <Moment at={intended_at} relative /> },
];

export function RecentActions(): ReactNode {
  const actions = useQuery({
    queryKey: ['healing', 'actions', 'recent'],
    queryFn: async () => (await api.admin.healing.actions({ limit: RECENT })).data,
    meta: { live: true },
  });
  return (
    <Panel title="Recent actions" query={actions} flush>
      {(rows) => (
        <DataTable
          caption="Recent actions"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          empty={<EmptyState icon={Wrench} title="The healer has not acted yet" />}
        />
      )}
    </Panel>
  );
}
