import type { HealthHistory } from '@gridworks/sdk';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Timer } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { api } from '../api/portal.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { plural } from '../ui/numbers.ts';
import { Panel, Waiting } from '../ui/panel.tsx';
import { formatDuration } from '../ui/times.ts';
import type { HistoryRange } from './component-health.ts';

const SeriesChart = lazy(() => import('../charts/series-chart.tsx'));
/** Sums are written every few seconds; a bar of days changes slowly. */
const REFETCH_MS = 30_000;

/** Steps of a component. What ends in the future is fetched again; a range of the past is fixed. */
export function useHistory(
  component: string,
  range: HistoryRange,
  isLive: boolean,
): UseQueryResult<HealthHistory, Error> {
  return useQuery({
    queryKey: ['component-history', component, range],
    queryFn: () => api.admin.health.history({ component, ...range }),
    refetchInterval: isLive ? REFETCH_MS : false,
    // A range that moves on with the clock keeps its picture until the next one is there.
    placeholderData: (previous, query) =>
      isLive && query?.meta?.live && query.queryKey[1] === component ? previous : undefined,
    meta: { live: isLive },
  });
}

const inMs = (ms: number): string => (ms > 0 && ms < 10 ? `${ms.toFixed(1)} ms` : formatDuration(ms));

/** How fast a component responded, step by step. */
export function ResponseTimes({
  query,
  words,
}: {
  readonly query: UseQueryResult<HealthHistory, Error>;
  /** Of the range: `in the last hour`. */
  readonly words: string;
}): ReactNode {
  return (
    <Panel title="Response time" query={query} lines={8}>
      {({ steps, step }) => {
        const timed = steps.filter(({ p50_ms }) => p50_ms !== null).length;
        if (timed === 0)
          return (
            <EmptyState icon={Timer} title={`No check was timed ${words}`}>
              Monitor times checks of servers and of the gateway over HTTP, and keeps them for 7 days. An
              instance is not timed: it sends pulses by itself.
            </EmptyState>
          );
        return (
          <Suspense fallback={<Waiting lines={8} />}>
            <SeriesChart
              caption={`Median and 95th percentile of monitor's checks ${words}, by ${step}. ${plural(steps.length - timed, step)} without a timed check.`}
              times={steps.map(({ at }) => Date.parse(at))}
              precision="minute"
              format={inMs}
              formatAxis={inMs}
              series={[
                { label: 'Median', values: steps.map(({ p50_ms }) => p50_ms) },
                { label: '95th percentile', values: steps.map(({ p95_ms }) => p95_ms) },
              ]}
            />
          </Suspense>
        );
      }}
    </Panel>
  );
}
