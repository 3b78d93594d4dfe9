import type { Forecast } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { Age, Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { fullest, percentOf, RESOURCE_WORDS, usedOf, watchedSentence } from './forecast-words.ts';

const EVERY_MS = 10_000;
/** Pools and memory are reported each second, disks and the stream every 10 s at most. */
const FRESH_FOR_S = 30;

const COLUMNS: readonly Column<Forecast>[] = [
  {
    key: 'resource',
    label: 'Resource',
    className: 'w-full',
    cell: ({ resource, component }) => (
      <>
        {RESOURCE_WORDS[resource]} <code className="text-sm break-words">{component}</code>
      </>
    ),
  },
  { key: 'full', label: 'Full', cell: ({ full_at }) => <Moment at={full_at} relative /> },
  {
    key: 'used',
    label: 'Used',
    cell: (forecast) => (
      <span className="tabular-nums">
        <span className="whitespace-nowrap">{percentOf(forecast)}</span>{' '}
        <span className="text-muted sm:whitespace-nowrap">{usedOf(forecast)}</span>
      </span>
    ),
  },
  {
    key: 'confidence',
    label: 'Confidence',
    from: 'sm',
    cell: ({ confidence }) => <span className="tabular-nums">{Math.round(confidence * 100)} %</span>,
  },
  {
    key: 'state',
    label: 'State',
    from: 'sm',
    // Soon, sure and full enough: then a symptom says so.
    cell: ({ preventive }) =>
      preventive ? (
        <StatusMark status="warn" word="Acted upon" />
      ) : (
        <StatusMark status="unknown" word="Watched" />
      ),
  },
  {
    key: 'age',
    label: 'Measured',
    from: 'md',
    cell: ({ observed_at }) => <Age at={observed_at} freshForS={FRESH_FOR_S} />,
  },
];

/** What is going to be full, the soonest first; where nothing is, what is watched. */
export function Forecasts(): ReactNode {
  const forecasts = useQuery({
    queryKey: ['healing', 'forecasts'],
    queryFn: async () => (await api.admin.forecasts.list()).data,
    refetchInterval: EVERY_MS,
  });
  return (
    <Panel title="Forecasts" query={forecasts} freshForS={FRESH_FOR_S} flush>
      {(all) => {
        const filling = all.filter(({ full_at }) => full_at !== null);
        const top = fullest(all);
        return (
          <>
            <DataTable
              caption="What is going to be full"
              columns={COLUMNS}
              rows={filling}
              keyOf={({ resource, component }) => `${resource} ${component}`}
              empty={
                <EmptyState icon={Hourglass} title="Nothing is going to be full">
                  {watchedSentence(all)}
                </EmptyState>
              }
            />
            {top && (
              <p className="border-t border-line px-4 py-3 text-sm text-muted">
                The fullest now: {RESOURCE_WORDS[top.resource].toLowerCase()}{' '}
                <code className="break-all">{top.component}</code>, {percentOf(top)} ({usedOf(top)}).
              </p>
            )}
          </>
        );
      }}
    </Panel>
  );
}
