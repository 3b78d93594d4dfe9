import { useQuery } from '@tanstack/react-query';
import { ChartColumn, Download } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Filter, Segments } from '../ui/filter.tsx';
import { Moment, useClock } from '../ui/moment.tsx';
import { formatCount, formatShare, plural } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Waiting } from '../ui/panel.tsx';
import { formatDuration } from '../ui/times.ts';
import { COST_GROUPS, CostPanel } from './cost-panel.tsx';
import { MonthPanel } from './month-panel.tsx';
import { errorShare, RANGES, type RangeName, rangeOf } from './usage-range.ts';
import { UsageTable } from './usage-table.tsx';
import { useKeyNames } from './use-key-names.ts';

const SeriesChart = lazy(() => import('../charts/series-chart.tsx'));
const search = z.object({
  range: z._default(z.enum(['24h', '7d', '30d', '90d']), '30d'),
  by: z._default(z.enum(['all', 'key', 'operation', 'status']), 'all'),
  mode: z.optional(z.enum(['live', 'test'])),
  costs: z._default(z.enum(COST_GROUPS), 'day'),
});
const SPLITS = { all: 'All', key: 'Key', operation: 'Operation', status: 'Status' } as const;
const RANGE_LABELS = Object.fromEntries(
  Object.entries(RANGES).map(([name, { label }]) => [name, label]),
) as Record<RangeName, string>;
const REFETCH_MS = 30_000;

export default function UsagePage(): ReactNode {
  const [{ range: name, by, mode, costs }, setSearch] = usePageSearch(search);
  const hour = Math.floor(useClock() / 3_600_000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range changes each hour
  const range = useMemo(() => rangeOf(name, Date.now()), [name, hour]);
  const input = { ...range, ...(mode ? { mode } : {}) };
  const month = useQuery({
    queryKey: ['usage', 'forecast'],
    queryFn: () => api.usage.forecast(),
    refetchInterval: REFETCH_MS,
  });
  const calls = useQuery({
    queryKey: ['usage', 'calls', input, by],
    queryFn: () => api.analytics.calls({ ...input, by }),
    refetchInterval: REFETCH_MS,
  });
  const statuses = useQuery({
    queryKey: ['usage', 'calls', input, 'status'],
    queryFn: () => api.analytics.calls({ ...input, by: 'status' }),
    refetchInterval: REFETCH_MS,
  });
  const latency = useQuery({
    queryKey: ['usage', 'latency', input],
    queryFn: () => api.analytics.latency(input),
    refetchInterval: REFETCH_MS,
  });
  const nameOf = useKeyNames(by === 'key' ? (calls.data?.series.map(({ value }) => value) ?? []) : []);
  const precision = range.step === 'day' ? 'day' : 'minute';
  const rangeWords = RANGES[name].label;
  const csv = `/v1/analytics/calls?${new URLSearchParams({ ...input, by, format: 'csv' })}`;
  return (
    <>
      <PageHeader
        title="Usage"
        actions={
          <a href={csv} download={`usage-${name}-by-${by}.csv`} className={buttonClass()}>
            <Download aria-hidden size={14} />
            Download CSV
          </a>
        }
      >
        Calls made with your API keys, as they are counted for your plan.
      </PageHeader>
      <div className="mb-6 flex flex-col gap-5">
        <MonthPanel query={month} />
        {month.data && (
          <CostPanel month={month.data} by={costs} onChange={(value) => setSearch({ costs: value })} />
        )}
      </div>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <Segments
          label="Range"
          value={name}
          options={RANGE_LABELS}
          onChange={(value) => setSearch({ range: value })}
        />
        <Segments
          label="Split by"
          value={by}
          options={SPLITS}
          onChange={(value) => setSearch({ by: value })}
        />
        <Filter
          label="Mode"
          value={mode}
          options={{ live: 'Live', test: 'Test' }}
          onChange={(value) => setSearch({ mode: value })}
        />
      </div>
      <div className="flex flex-col gap-5">
        <Panel query={statuses} title={`In ${rangeWords}`} lines={2}>
          {(data) => {
            const share = errorShare(data.series);
            return (
              <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3">
                <FigureNumber label="Calls" value={formatCount(data.total_calls)} />
                <FigureNumber label="With an error" value={share === null ? '–' : formatShare(share)}>
                  status 400 and above
                </FigureNumber>
                <FigureNumber
                  label="Counted until"
                  value={
                    <span className="text-lg">
                      <Moment at={data.counted_until} precision="time" />
                    </span>
                  }
                >
                  later calls may be on their way
                </FigureNumber>
              </dl>
            );
          }}
        </Panel>
        <Panel
          query={calls}
          title={by === 'all' ? 'Calls' : `Calls by ${SPLITS[by].toLowerCase()}`}
          lines={8}
        >
          {(data) =>
            data.total_calls === 0 ? (
              <NoCalls />
            ) : (
              <Suspense fallback={<Waiting lines={8} />}>
                <SeriesChart
                  caption={`${plural(data.total_calls, 'call')} in ${rangeWords}, by ${range.step}.`}
                  times={data.times.map((time) => Date.parse(time))}
                  kind={by === 'all' ? 'bars' : 'line'}
                  precision={precision}
                  series={data.series.slice(0, 5).map(({ value, calls: values }) => ({
                    label: by === 'all' ? 'Calls' : nameOf(value),
                    values,
                  }))}
                />
                {by !== 'all' && (
                  <UsageTable
                    series={data.series}
                    other={data.other}
                    total={data.total_calls}
                    nameOf={nameOf}
                    what={SPLITS[by]}
                  />
                )}
              </Suspense>
            )
          }
        </Panel>
        <Panel query={latency} title="Response time" lines={8}>
          {(data) => {
            const timed = data.calls.reduce((sum, count) => sum + count, 0);
            return timed === 0 ? (
              <p className="py-2 text-muted">No call was timed in {rangeWords}.</p>
            ) : (
              <Suspense fallback={<Waiting lines={8} />}>
                <SeriesChart
                  caption={`Median and 95th percentile of ${plural(timed, 'call')}, as the gateway saw them. A gap is a ${range.step} without calls.`}
                  times={data.times.map((time) => Date.parse(time))}
                  precision={precision}
                  format={formatDuration}
                  formatAxis={formatDuration}
                  series={[
                    { label: 'Median', values: data.p50_ms },
                    { label: '95th percentile', values: data.p95_ms },
                  ]}
                />
              </Suspense>
            );
          }}
        </Panel>
      </div>
    </>
  );
}

function NoCalls(): ReactNode {
  return (
    <EmptyState
      icon={ChartColumn}
      title="No calls in this time"
      action={
        <Link to="/keys" className={buttonClass('primary')}>
          Make a key
        </Link>
      }
    >
      Calls that you make with an API key are shown here a moment later.
    </EmptyState>
  );
}
