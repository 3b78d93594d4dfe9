import type { MetricSeriesView } from '@gridworks/contracts';
import type { METRIC_KINDS } from '../anomalies/metric-kinds.ts';

export interface MetricRow extends Pick<MetricSeriesView, 'unit' | 'meaning' | 'fold'> {
  /** As what the anomaly detector judges the metric of a whole instance; without it the metric is not judged. */
  readonly kind?: keyof typeof METRIC_KINDS;
}

/**
 * Every metric that has a history. A delay, a use that may run out and a quantile keep their worst sample: the mean would
 * hide the second that hurt.
 */
export const METRICS = {
  cpu_share: {
    unit: 'ratio',
    fold: 'mean',
    kind: 'usage',
    meaning: 'Processor time as a share of one processor; above 1 with several threads.',
  },
  event_loop_delay_ms: {
    unit: 'ms',
    fold: 'max',
    kind: 'latency',
    meaning: 'The longest block of the event loop.',
  },
  heap_used_bytes: { unit: 'bytes', fold: 'mean', kind: 'memory', meaning: 'Heap of JavaScript in use.' },
  resident_bytes: { unit: 'bytes', fold: 'mean', kind: 'memory', meaning: 'Resident memory of the process.' },
  open_handles: {
    unit: 'count',
    fold: 'max',
    kind: 'count',
    meaning: 'Sockets, files, timers and requests to the system that are open.',
  },
  in_flight: { unit: 'count', fold: 'max', meaning: 'Requests and events under way.' },
  pool_in_use: {
    unit: 'count',
    fold: 'max',
    kind: 'count',
    meaning: 'Connections to PostgreSQL that are lent.',
  },
  pool_waiting: {
    unit: 'count',
    fold: 'max',
    kind: 'count',
    meaning: 'Callers that wait for a connection to PostgreSQL.',
  },
  pool_max: {
    unit: 'count',
    fold: 'max',
    meaning: 'The most connections to PostgreSQL that the pool makes.',
  },
  outbox_waiting: {
    unit: 'count',
    fold: 'max',
    meaning: 'Events in the outbox that wait to be published; at most 10,000.',
  },
  requests_per_second: {
    unit: 'per second',
    fold: 'mean',
    kind: 'throughput',
    meaning: 'Requests that were responded to.',
  },
  errors_per_second: {
    unit: 'per second',
    fold: 'mean',
    kind: 'errors',
    meaning: 'Requests that failed by a fault of the service.',
  },
  p50_ms: { unit: 'ms', fold: 'max', meaning: 'Median duration of the requests of 10 s; at most 10 s.' },
  p95_ms: {
    unit: 'ms',
    fold: 'max',
    kind: 'latency',
    meaning: '95th percentile of the durations of the requests of 10 s; at most 10 s.',
  },
  p99_ms: {
    unit: 'ms',
    fold: 'max',
    meaning: '99th percentile of the durations of the requests of 10 s; at most 10 s.',
  },
  load_1m: {
    unit: 'count',
    fold: 'mean',
    meaning: 'Processes that ran or waited to run, on average over a minute.',
  },
  memory_free_bytes: {
    unit: 'bytes',
    fold: 'min',
    meaning: 'Memory of the machine that is free or can be freed at once.',
  },
  memory_total_bytes: { unit: 'bytes', fold: 'max', meaning: 'Memory of the machine.' },
  disk_free_bytes: {
    unit: 'bytes',
    fold: 'min',
    meaning: 'Free space on the disk of the working folder; the least of all instances.',
  },
  disk_total_bytes: { unit: 'bytes', fold: 'max', meaning: 'Size of the disk of the working folder.' },
} as const satisfies Record<string, MetricRow>;
export type MetricName = keyof typeof METRICS;
