import type { Usage, UsageForecast } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { api } from '../api/portal.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Segments } from '../ui/filter.tsx';
import { useClock } from '../ui/moment.tsx';
import { formatCount, formatMoney, plural } from '../ui/numbers.ts';
import { Panel, Waiting } from '../ui/panel.tsx';
import { dayIn, stepsOf } from './usage-costs.ts';
import { useKeyNames } from './use-key-names.ts';

const SeriesChart = lazy(() => import('../charts/series-chart.tsx'));
export const COST_GROUPS = ['day', 'hour', 'key', 'operation', 'product'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

type Groups = NonNullable<Usage['groups']>;
type Group = Groups['data'][number];

const LABELS: Readonly<Record<CostGroup, string>> = {
  ...{ day: 'Day', hour: 'Hour', key: 'Key', operation: 'Operation', product: 'Product' },
};
const PRODUCTS: Readonly<Record<string, string>> = {
  ...{ calls: 'API calls', reported_units: 'Reported units' },
};
/** Hours are shown of so many days. */
const HOUR_DAYS = 2;
const MOST = 400;
const REFETCH_MS = 60_000;

interface CostPanelProps {
  readonly month: Pick<UsageForecast, 'period' | 'time_zone'>;
  readonly by: CostGroup;
  readonly onChange: (by: CostGroup) => void;
}

/** What the usage of this month costs, by day, hour, key, operation or product. */
export function CostPanel({ month, by, onChange }: CostPanelProps): ReactNode {
  const hour = Math.floor(useClock() / 3_600_000) * 3_600_000;
  const today = dayIn(new Date(hour), month.time_zone);
  const first =
    by === 'hour'
      ? dayIn(new Date(hour - (HOUR_DAYS - 1) * 86_400_000), month.time_zone)
      : dayIn(new Date(month.period.from), month.time_zone);
  const input = { group_by: by, from: first, to: today, limit: MOST };
  const costs = useQuery({
    queryKey: ['usage', 'costs', input],
    queryFn: () => api.usage.get(input),
    refetchInterval: REFETCH_MS,
  });
  return (
    <Panel
      query={costs}
      title="What it costs"
      lines={8}
      actions={<Segments label="Costs by" value={by} options={LABELS} onChange={onChange} />}
    >
      {({ groups }) =>
        groups === null || groups.data.length === 0 ? (
          <p className="py-2 text-muted">Nothing was used in this time.</p>
        ) : by === 'day' || by === 'hour' ? (
          <CostChart groups={groups} by={by} from={first} until={today} />
        ) : (
          <CostTable groups={groups} by={by} />
        )
      }
    </Panel>
  );
}

interface CostChartProps {
  readonly groups: Groups;
  readonly by: 'day' | 'hour';
  readonly from: string;
  readonly until: string;
}

function CostChart({ groups, by, from, until }: CostChartProps): ReactNode {
  const { data, total, currency, time_zone } = groups;
  const money = (minor: number) => formatMoney(minor, currency);
  const steps = stepsOf(
    by,
    from,
    until,
    data.map(({ group }) => group),
  );
  const costs = new Map(data.map(({ group, cost }) => [group, cost]));
  const where = by === 'day' ? `, days of ${time_zone}` : '';
  return (
    <Suspense fallback={<Waiting lines={8} />}>
      <SeriesChart
        caption={`${money(total.cost)} for ${unitsIn(total)}, by ${by}${where}.`}
        times={steps.map((step) => Date.parse(step))}
        kind="bars"
        precision={by === 'day' ? 'day' : 'minute'}
        format={money}
        formatAxis={money}
        series={[{ label: 'Cost', values: steps.map((step) => costs.get(step) ?? 0) }]}
      />
    </Suspense>
  );
}

function CostTable({ groups, by }: { readonly groups: Groups; readonly by: CostGroup }): ReactNode {
  const { data, total, currency, has_more } = groups;
  const nameOfKey = useKeyNames(by === 'key' ? data.slice(0, 20).map(({ group }) => group) : []);
  const nameOf = ({ group }: Group) =>
    group === 'other'
      ? 'Not by one of them'
      : by === 'key'
        ? nameOfKey(group)
        : by === 'product'
          ? (PRODUCTS[group] ?? group)
          : group;
  const columns: readonly Column<Group>[] = [
    { key: 'group', label: LABELS[by], cell: nameOf, className: 'max-sm:break-all' },
    { key: 'calls', label: 'Calls', end: true, from: 'sm', cell: ({ calls }) => formatCount(calls) },
    {
      ...{ key: 'units', label: 'Reported units', end: true, from: 'sm' },
      cell: ({ reported_units }) => formatCount(reported_units),
    },
    { key: 'cost', label: 'Cost', end: true, cell: ({ cost }) => formatMoney(cost, currency) },
  ];
  return (
    <>
      <p className="pb-2 text-sm text-muted">
        {formatMoney(total.cost, currency)} for {unitsIn(total)} this month
        {by === 'product' ? '.' : `, divided by units.`}
        {has_more && ` The ${MOST} largest are shown.`}
      </p>
      <div className="-mx-4 border-t border-line">
        <DataTable
          caption={`Costs by ${LABELS[by].toLowerCase()}`}
          columns={columns}
          rows={data}
          keyOf={({ group }) => group}
        />
      </div>
    </>
  );
}

function unitsIn({ calls, reported_units }: Pick<Group, 'calls' | 'reported_units'>): string {
  return reported_units === 0
    ? plural(calls, 'call')
    : `${plural(calls, 'call')} and ${plural(reported_units, 'reported unit')}`;
}
