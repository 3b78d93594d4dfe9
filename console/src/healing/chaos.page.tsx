import type { Experiment, Scorecard } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { formatDuration } from '../ui/times.ts';

const OUTCOMES = {
  healed: { status: 'pass', word: 'Healed' },
  escalated: { status: 'fail', word: 'Escalated' },
  open: { status: 'warn', word: 'Running' },
} as const;
const duration = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));

/** The experiments with their reach and their last results. Runs are started from the command line. */
export default function ChaosPage(): ReactNode {
  const experiments = useQuery({
    queryKey: ['chaos', 'experiments'],
    queryFn: async () => (await api.admin.experiments.list()).data,
    meta: { live: true },
  });
  const scorecard = useQuery({
    queryKey: ['chaos', 'scorecard'],
    queryFn: () => api.admin.healing.scorecard(),
    meta: { live: true },
  });
  return (
    <>
      <PageHeader title="Chaos" back={<Link to="/admin/healing">Healing</Link>}>
        Faults that are injected on purpose, to prove the healing. Run one with{' '}
        <code>npm run chaos -- suite</code>.
      </PageHeader>
      <div className="flex flex-col gap-5">
        <Panel title="Last scorecard" query={scorecard}>
          {(data) => <ScorecardView scorecard={data} />}
        </Panel>
        <Panel title="Experiments" query={experiments} flush lines={8}>
          {(rows) => (
            <DataTable caption="Experiments" columns={EXPERIMENTS} rows={rows} keyOf={({ name }) => name} />
          )}
        </Panel>
      </div>
    </>
  );
}

function ScorecardView({ scorecard }: { readonly scorecard: Scorecard }): ReactNode {
  if (scorecard.runs === 0)
    return (
      <EmptyState icon={FlaskConical} title="No run yet">
        <code>npm run chaos -- suite</code> runs every experiment on every target.
      </EmptyState>
    );
  return (
    <>
      <dl className="grid grid-cols-2 gap-5 pb-4 sm:grid-cols-4">
        <FigureNumber
          label="Healed"
          value={`${formatCount(scorecard.healed)} of ${formatCount(scorecard.runs)}`}
        >
          <Moment at={scorecard.last_run_at} relative />
        </FigureNumber>
        <FigureNumber label="Time to detect" value={duration(scorecard.time_to_detect.p50_ms)}>
          p95 {duration(scorecard.time_to_detect.p95_ms)}
        </FigureNumber>
        <FigureNumber label="Time to heal" value={duration(scorecard.time_to_heal.p50_ms)}>
          p95 {duration(scorecard.time_to_heal.p95_ms)}
        </FigureNumber>
      </dl>
      <div className="-mx-4">
        <DataTable
          caption="Runs"
          columns={RUNS}
          rows={scorecard.rows}
          keyOf={({ experiment, target }) => `${experiment} ${target}`}
        />
      </div>
    </>
  );
}

const RUNS: readonly Column<Scorecard['rows'][number]>[] = [
  { key: 'outcome', label: 'Outcome', cell: ({ outcome }) => <StatusMark {...OUTCOMES[outcome]} /> },
  {
    key: 'experiment',
    label: 'Experiment',
    className: 'w-full',
    cell: ({ experiment, target, incident_id }) => (
      <Link to={`/admin/healing/incidents/${incident_id}`}>
        {experiment} {target}
      </Link>
    ),
  },
  { key: 'detect', label: 'Detect', end: true, cell: ({ detect_ms }) => duration(detect_ms) },
  { key: 'heal', label: 'Heal', end: true, cell: ({ heal_ms }) => duration(heal_ms) },
  { key: 'at', label: 'When', from: 'md', cell: ({ at }) => <Moment at={at} /> },
];

const EXPERIMENTS: readonly Column<Experiment>[] = [
  {
    key: 'name',
    label: 'Experiment',
    cell: ({ name }) => <code className="text-sm whitespace-nowrap">{name}</code>,
  },
  {
    key: 'does',
    label: 'What it does',
    className: 'w-full min-w-48',
    cell: ({ does, blast_radius }) => (
      <>
        {does}
        <br />
        <span className="text-sm text-muted">{blast_radius}</span>
      </>
    ),
  },
  {
    key: 'last',
    label: 'Last results',
    cell: ({ results }) =>
      results.length === 0 ? (
        <span className="text-faint">none</span>
      ) : (
        <span className="flex flex-col gap-1">
          {results.map(({ target, outcome, incident_id }) => (
            <Link key={incident_id} to={`/admin/healing/incidents/${incident_id}`} className="no-underline">
              <StatusMark plain {...OUTCOMES[outcome]} word={target ?? OUTCOMES[outcome].word} />
            </Link>
          ))}
        </span>
      ),
  },
];
