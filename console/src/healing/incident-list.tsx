import type { Incident } from '@gridworks/sdk';
import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment, useClock } from '../ui/moment.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { formatDuration } from '../ui/times.ts';
import { lengthOf } from './incident-phases.ts';
import { deciderOf, INCIDENT_STATUS } from './words.ts';

const COLUMNS: readonly Column<Incident>[] = [
  {
    key: 'status',
    label: 'State',
    cell: ({ status }) => <StatusMark {...INCIDENT_STATUS[status]} />,
  },
  {
    key: 'title',
    label: 'Incident',
    className: 'w-full',
    cell: ({ id, title, experiment, recurring }) => (
      <span className="flex flex-wrap items-center gap-2">
        <Link to={`/admin/healing/incidents/${id}`} className="font-medium text-text">
          {title}
        </Link>
        {experiment && <Tag tone="test">{experiment}</Tag>}
        {recurring && <Tag>recurring</Tag>}
      </span>
    ),
  },
  {
    key: 'decided',
    label: 'Decided by',
    from: 'lg',
    className: 'whitespace-nowrap text-muted',
    cell: ({ decided_by }) => deciderOf(decided_by),
  },
  {
    key: 'began',
    label: 'Began',
    from: 'md',
    cell: ({ began_at }) => <Moment at={began_at} relative />,
  },
  {
    key: 'length',
    label: 'Lasted',
    end: true,
    className: 'whitespace-nowrap',
    cell: (incident) => <Lasted incident={incident} />,
  },
];

function Lasted({ incident }: { readonly incident: Incident }): ReactNode {
  const now = useClock();
  return formatDuration(lengthOf(incident, now));
}

/** Incidents as rows; the newest first, as the API gives them. */
export function IncidentList({
  incidents,
  empty,
}: {
  readonly incidents: readonly Incident[];
  readonly empty: string;
}): ReactNode {
  return (
    <DataTable
      caption="Incidents"
      columns={COLUMNS}
      rows={incidents}
      keyOf={({ id }) => id}
      empty={
        <EmptyState icon={ShieldCheck} title={empty}>
          Monitor probes every component each second.
        </EmptyState>
      }
    />
  );
}
