import type { Metrics } from '@gridworks/sdk';
import type { Series } from '../charts/series.ts';
import { DAY_MS, type HistoryRange } from './component-health.ts';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
/** For how long monitor keeps metrics. */
export const METRICS_KEPT_HOURS = 24;

type MetricSeries = Metrics['series'][number];

interface Line {
  readonly label: string;
  readonly metric: string;
}

/** One chart of a component: lines in one unit. */
export interface ChartRow {
  readonly title: string;
  /** What the chart shows, as the begin of a sentence. */
  readonly caption: string;
  readonly lines: readonly Line[];
  /** A value of the API times this is what is shown. */
  readonly scale: number;
  readonly format: (value: number) => string;
}

const inMs = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);
const aSecond = (rate: number): string => `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;

/** The charts of an instance, in their order. */
export const CHARTS: readonly ChartRow[] = [
  {
    title: 'Processor',
    caption: 'Processor time as a share of one processor',
    lines: [{ label: 'Processor', metric: 'cpu_share' }],
    scale: 100,
    format: (percent) => `${percent.toFixed(percent < 10 ? 1 : 0)}%`,
  },
  {
    title: 'Memory',
    caption: 'Resident memory of the process, and its heap in use',
    lines: [
      { label: 'Resident', metric: 'resident_bytes' },
      { label: 'Heap', metric: 'heap_used_bytes' },
    ],
    scale: 1 / MIB,
    format: (mib) => `${Math.round(mib)} MiB`,
  },
  {
    title: 'Event-loop delay',
    caption: 'The longest block of the event loop',
    lines: [{ label: 'Longest block', metric: 'event_loop_delay_ms' }],
    scale: 1,
    format: inMs,
  },
  {
    title: 'Requests and errors',
    caption: 'Requests, and those of them that failed by a fault of the service',
    lines: [
      { label: 'Requests', metric: 'requests_per_second' },
      { label: 'Errors', metric: 'errors_per_second' },
    ],
    scale: 1,
    format: aSecond,
  },
  {
    title: 'Duration of requests',
    caption: 'Median and 95th percentile of the durations of requests',
    lines: [
      { label: '95th percentile', metric: 'p95_ms' },
      { label: 'Median', metric: 'p50_ms' },
    ],
    scale: 1,
    format: inMs,
  },
];

/** The series of all charts of a component, as the API takes them. */
export const seriesOf = (component: string): string =>
  CHARTS.flatMap(({ lines }) => lines.map(({ metric }) => `${component}/${metric}`)).join(',');

/** A range as the API takes it; `step` in seconds. */
export interface MetricRange {
  readonly from: string;
  readonly to: string;
  readonly step: number;
}

/**
 * The range of metrics for what the page shows: an hour in steps of 10 s, a day in steps of 2 minutes. Null for a time whose
 * metrics are not kept any more, undefined for the last hour, which the API knows by itself.
 */
export function metricRangeOf(chosen: HistoryRange | undefined, now: number): MetricRange | null | undefined {
  if (!chosen) return undefined;
  const { from, to } = chosen;
  if (Date.parse(to) <= now - METRICS_KEPT_HOURS * HOUR_MS) return null;
  return { from, to, step: Date.parse(to) - Date.parse(from) < DAY_MS ? 10 : 120 };
}

/** When each step of a response begins, ms since 1970. */
export function timesOf({ from, step, series }: Metrics): number[] {
  const start = Date.parse(from ?? '');
  const length = series[0]?.values?.length ?? 0;
  return Array.from({ length }, (_one, index) => start + index * (step ?? 0) * 1000);
}

/** The latest value of a chart's first line, in words, and when it was measured. */
export interface Latest {
  readonly text: string;
  readonly at: string;
}

/** The lines of a chart in the unit that is shown; what each says now; and how many steps have a value. */
export function drawn(
  { lines, scale, format }: ChartRow,
  { series }: Metrics,
): { readonly lines: readonly Series[]; readonly latest: readonly Latest[]; readonly measured: number } {
  const found = lines.flatMap(({ label, metric }) => {
    const one = series.find((row: MetricSeries) => row.metric === metric && row.contract === null);
    return one ? [{ label, one }] : [];
  });
  return {
    lines: found.map(({ label, one }) => ({
      label,
      values: (one.values ?? []).map((value) => (value === null ? null : value * scale)),
    })),
    latest: found.flatMap(({ label, one: { last } }) =>
      last === null
        ? []
        : [{ text: `${lines.length > 1 ? `${label} ` : ''}${format(last.value * scale)}`, at: last.at }],
    ),
    measured: Math.max(
      0,
      ...found.map(({ one }) => (one.values ?? []).filter((value) => value !== null).length),
    ),
  };
}
