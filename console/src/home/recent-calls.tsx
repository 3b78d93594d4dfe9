import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { formatShare, plural } from '../ui/numbers.ts';
import { Panel, Waiting } from '../ui/panel.tsx';
import { errorShare, rangeOf } from '../usage/usage-range.ts';

const SeriesChart = lazy(() => import('../charts/series-chart.tsx'));
const REFETCH_MS = 30_000;

/** Calls of 30 days, with failed calls as a series of their own. */
export function RecentCalls(): ReactNode {
  const range = rangeOf('30d', Date.now());
  const calls = useQuery({
    queryKey: ['usage', 'calls', range, 'status'],
    queryFn: () => api.analytics.calls({ ...range, by: 'status' }),
    refetchInterval: REFETCH_MS,
  });
  return (
    <Panel
      query={calls}
      title="Calls of 30 days"
      lines={8}
      actions={
        <Link to="/usage" className="link text-sm">
          All of usage
        </Link>
      }
    >
      {({ series, times, total_calls }) => {
        const share = errorShare(series);
        const sum = (fits: (status: number) => boolean) =>
          times.map((_, at) =>
            series
              .filter(({ value }) => fits(Number(value)))
              .reduce((all, { calls: values }) => all + (values[at] ?? 0), 0),
          );
        return (
          <Suspense fallback={<Waiting lines={8} />}>
            <SeriesChart
              caption={`${plural(total_calls, 'call')}${share === null ? '' : `, ${formatShare(share)} of them with an error (status 400 and above)`}.`}
              times={times.map((time) => Date.parse(time))}
              series={[
                { label: 'All calls', values: sum(() => true) },
                { label: 'With an error', values: sum((status) => status >= 400) },
              ]}
              height={200}
            />
          </Suspense>
        );
      }}
    </Panel>
  );
}
