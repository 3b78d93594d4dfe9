import type { Metrics } from '@gridworks/sdk';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { api } from '../api/portal.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { plural } from '../ui/numbers.ts';
import { Age, Panel, Section, Waiting } from '../ui/panel.tsx';
import { troubleOf } from '../ui/problem.ts';
import {
  CHARTS,
  type ChartRow,
  drawn,
  METRICS_KEPT_HOURS,
  type MetricRange,
  metricRangeOf,
  seriesOf,
  timesOf,
} from './component-charts.ts';
import type { HistoryRange } from './component-health.ts';

const SeriesChart = lazy(() => import('../charts/series-chart.tsx'));
/** A step is 10 s. */
const REFETCH_MS = 10_000;
/** Durations come every 10 s; a figure older than three of those is unknown. */
const FRESH_FOR_S = 30;
const HEIGHT = 160;
const UNKNOWN_SERIES = 'MONITOR.SERIES_NOT_FOUND';

/** What an instance used, and how it responded, as charts: at the chosen time, else in the last hour. */
export function ComponentMetrics({
  component,
  chosen,
  words,
  now,
}: {
  readonly component: string;
  readonly chosen: HistoryRange | undefined;
  /** Of the time: `in the last hour`. */
  readonly words: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}): ReactNode {
  const range = metricRangeOf(chosen, now);
  const query = useMetrics(component, range);
  if (range === null)
    return (
      <Section title="Metrics">
        <p className="py-2 text-muted">Metrics are kept for {METRICS_KEPT_HOURS} hours.</p>
      </Section>
    );
  return (
    <Panel title="Metrics" query={query} lines={8}>
      {(metrics) => (metrics ? <MetricCharts metrics={metrics} words={words} /> : <None />)}
    </Panel>
  );
}

/** The metrics of an instance; null when monitor keeps none of it. */
function useMetrics(
  component: string,
  range: MetricRange | null | undefined,
): UseQueryResult<Metrics | null, Error> {
  const isLive = range === undefined;
  return useQuery({
    queryKey: ['component-metrics', component, range ?? 'last hour'],
    enabled: range !== null,
    queryFn: async () => {
      try {
        return await api.admin.metrics.read({ series: seriesOf(component), ...range });
      } catch (error) {
        if (troubleOf(error).code === UNKNOWN_SERIES) return null;
        throw error;
      }
    },
    ...(isLive ? { refetchInterval: REFETCH_MS } : {}),
    meta: { live: isLive },
  });
}

const None = (): ReactNode => (
  <EmptyState icon={Gauge} title="Monitor keeps no metrics of this component">
    Metrics come with the pulses of an instance. Monitor keeps them in memory for 24 hours, and begins anew
    when it is started.
  </EmptyState>
);

/** One chart below the other, each with its latest values and their age. */
export function MetricCharts({
  metrics,
  words,
}: {
  readonly metrics: Metrics;
  readonly words: string;
}): ReactNode {
  const times = useMemo(() => timesOf(metrics), [metrics]);
  return (
    <div className="grid gap-x-6 gap-y-5 pt-1 lg:grid-cols-2">
      {CHARTS.map((row) => (
        <MetricChart key={row.title} row={row} metrics={metrics} times={times} words={words} />
      ))}
    </div>
  );
}

interface MetricChartProps {
  readonly row: ChartRow;
  readonly metrics: Metrics;
  readonly times: readonly number[];
  readonly words: string;
}

function MetricChart({ row, metrics, times, words }: MetricChartProps): ReactNode {
  const { lines, latest, measured } = useMemo(() => drawn(row, metrics), [row, metrics]);
  const step = metrics.step ?? 0;
  const steps = step < 60 ? `${step} s` : `${step / 60} min`;
  return (
    <section aria-label={row.title} className="min-w-0">
      <div className="flex flex-wrap items-baseline gap-x-3 pb-1">
        <h3 className="font-semibold">{row.title}</h3>
        {latest.map(({ text, at }) => (
          <span key={text} className="text-sm text-muted tabular-nums">
            {text}{' '}
            <span className="text-xs text-faint">
              <Age at={at} freshForS={FRESH_FOR_S} />
            </span>
          </span>
        ))}
      </div>
      {measured === 0 ? (
        <p className="py-2 text-muted">Nothing was measured {words}.</p>
      ) : (
        <Suspense fallback={<Waiting lines={4} />}>
          <SeriesChart
            caption={`${row.caption} ${words}, by ${steps}. ${plural(times.length - measured, 'step')} without a sample.`}
            times={times}
            precision="second"
            height={HEIGHT}
            format={row.format}
            formatAxis={row.format}
            series={lines}
          />
        </Suspense>
      )}
    </section>
  );
}
