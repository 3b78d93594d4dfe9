import type { Incident } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { DurationBar } from '../charts/duration-bar.tsx';
import { Link, useParam } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Moment, useClock } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { formatDuration } from '../ui/times.ts';
import { CaughtErrors } from './caught-errors.tsx';
import { IncidentFacts } from './incident-facts.tsx';
import { incidentPhases, lengthOf } from './incident-phases.ts';
import { Timeline } from './timeline.tsx';
import { ACTION_STATE, INCIDENT_STATUS } from './words.ts';

export default function IncidentPage(): ReactNode {
  const id = useParam('id');
  const incident = useQuery({
    queryKey: ['incidents', 'one', id],
    queryFn: () => api.admin.incidents.get({ id }),
    meta: { live: true },
  });
  return (
    <Loaded query={incident} lines={12}>
      {(data) => <Whole incident={data} />}
    </Loaded>
  );
}

function Whole({ incident }: { readonly incident: Incident }): ReactNode {
  const { title, status, actions, symptoms, errors, timeline, experiment, recurring } = incident;
  return (
    <>
      <PageHeader
        title={title}
        back={<Link to="/admin/healing/incidents">Incidents</Link>}
        actions={
          <>
            {experiment && <Tag tone="test">{experiment}</Tag>}
            {recurring && <Tag>recurring</Tag>}
            <StatusMark {...INCIDENT_STATUS[status]} />
          </>
        }
      >
        <Moment at={incident.began_at} precision="second" relative />
      </PageHeader>
      <div className="flex flex-col gap-5">
        <div className="grid gap-5 min-[1100px]:grid-cols-[3fr_2fr]">
          <Section title="Where the time went">
            <Length incident={incident} />
            <DurationBar label="Phases of the incident" phases={incidentPhases(incident)} />
          </Section>
          <Section title="Facts">
            <IncidentFacts incident={incident} />
          </Section>
        </div>
        <Section title="Timeline" note={`${timeline.length} entries`}>
          <Timeline timeline={timeline} />
        </Section>
        {actions.length > 0 && (
          <Section title="Actions" flush>
            <DataTable caption="Actions" columns={ACTIONS} rows={actions} keyOf={({ id }) => id} />
          </Section>
        )}
        {errors.length > 0 && (
          <Section title="Caught errors" note="inside processes, by fingerprint">
            <CaughtErrors errors={errors} />
          </Section>
        )}
        {symptoms.length > 0 && (
          <Section title="Symptoms" flush>
            <DataTable caption="Symptoms" columns={SYMPTOMS} rows={symptoms} keyOf={({ id }) => id} />
          </Section>
        )}
      </div>
    </>
  );
}

function Length({ incident }: { readonly incident: Incident }): ReactNode {
  const now = useClock();
  return (
    <p className="mb-3 text-2xl font-semibold tracking-tight tabular-nums">
      {formatDuration(lengthOf(incident, now))}
      {!incident.resolved_at && <span className="text-md font-normal text-muted"> and counting</span>}
    </p>
  );
}

const ACTIONS: readonly Column<Incident['actions'][number]>[] = [
  { key: 'state', label: 'State', cell: ({ state }) => <StatusMark {...ACTION_STATE[state]} /> },
  {
    key: 'remedy',
    label: 'Remedy',
    cell: ({ remedy, target }) => (
      <>
        <code className="text-sm">{remedy}</code> <span className="text-muted">on {target.process}</span>
      </>
    ),
  },
  {
    key: 'outcome',
    label: 'Outcome',
    className: 'w-full text-muted',
    cell: ({ outcome }) => outcome ?? '',
  },
  {
    key: 'at',
    label: 'Intended',
    from: 'sm',
    cell: ({ intended_at }) => <Moment at={intended_at} precision="time" />,
  },
  {
    key: 'took',
    label: 'Took',
    end: true,
    className: 'whitespace-nowrap',
    cell: ({ intended_at, ended_at }) =>
      ended_at ? formatDuration(Date.parse(ended_at) - Date.parse(intended_at)) : '–',
  },
];

const SYMPTOMS: readonly Column<Incident['symptoms'][number]>[] = [
  {
    key: 'state',
    label: 'State',
    cell: ({ state }) =>
      state === 'cleared' ? (
        <StatusMark status="pass" word="Cleared" />
      ) : (
        <StatusMark status="fail" word="Firing" />
      ),
  },
  { key: 'signal', label: 'Signal', cell: ({ signal }) => <code className="text-sm">{signal}</code> },
  { key: 'target', label: 'Target', cell: ({ target }) => target.process },
  {
    key: 'evidence',
    label: 'Evidence',
    className: 'w-full text-sm break-words text-muted',
    cell: ({ evidence }) =>
      Object.entries(evidence)
        .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${show(value)}`)
        .join(' · '),
  },
  {
    key: 'at',
    label: 'Observed',
    from: 'sm',
    cell: ({ observed_at }) => <Moment at={observed_at} precision="time" />,
  },
];

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
