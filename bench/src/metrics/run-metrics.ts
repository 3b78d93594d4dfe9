import { MetricsRegistry } from '@gridworks/observability';
import type { Attributes } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import prometheus from 'prom-client';
import { figure, median, table } from '../table.ts';

const CALLS_A_ROUND = 200_000;
const RENDERS_A_ROUND = 20;
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** The labels of a request: 8 operations x 5 statuses, as in a gateway. */
const LABELS = Array.from({ length: 40 }, (_, i) => ({
  method: 'GET',
  operation: `/v1/operation-${i % 8}`,
  status: String(200 + (i % 5)),
}));
const nthValue = (i: number) => (i % 100) / 1000;

/** The three operations of a process on its metrics. */
interface Candidate {
  readonly name: string;
  /** Counts one call under labels that are looked up. */
  readonly count: (i: number) => void;
  /** Records one duration, in seconds, under labels that are looked up. */
  readonly observe: (i: number) => void;
  /** Prometheus' text of all series. */
  readonly render: () => string | Promise<string>;
}

function ours(): Candidate {
  const registry = new MetricsRegistry();
  const names = ['method', 'operation', 'status'];
  const calls = registry.counter('calls_total', 'Calls', names);
  const seconds = registry.histogram('call_seconds', 'Durations', names, BUCKETS_S);
  const labels = LABELS.map(({ method, operation, status }) => [method, operation, status] as const);
  return {
    name: 'ours',
    count: (i) => calls.labels(...(labels[i % 40] as (typeof labels)[number])).inc(),
    observe: (i) => seconds.labels(...(labels[i % 40] as (typeof labels)[number])).observe(nthValue(i)),
    render: () => registry.render(),
  };
}

function openTelemetry(): Candidate {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const calls = meter.createCounter('calls');
  const seconds = meter.createHistogram('call_seconds', {
    advice: { explicitBucketBoundaries: BUCKETS_S },
  });
  const serializer = new PrometheusSerializer();
  return {
    name: 'OpenTelemetry SDK + Prometheus exporter',
    count: (i) => calls.add(1, LABELS[i % 40] as Attributes),
    observe: (i) => seconds.record(nthValue(i), LABELS[i % 40] as Attributes),
    render: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}

function promClient(): Candidate {
  const registry = new prometheus.Registry();
  const labelNames = ['method', 'operation', 'status'] as const;
  const calls = new prometheus.Counter({
    name: 'calls_total',
    help: 'Calls',
    labelNames,
    registers: [registry],
  });
  const seconds = new prometheus.Histogram({
    name: 'call_seconds',
    help: 'Durations',
    labelNames,
    buckets: BUCKETS_S,
    registers: [registry],
  });
  return {
    name: 'prom-client',
    count: (i) => calls.inc(LABELS[i % 40] as (typeof LABELS)[number]),
    observe: (i) => seconds.observe(LABELS[i % 40] as (typeof LABELS)[number], nthValue(i)),
    render: () => registry.metrics(),
  };
}

const elapsedNs = (since: bigint) => Number(process.hrtime.bigint() - since);

function nanosecondsACall(call: (i: number) => void): number {
  const since = process.hrtime.bigint();
  for (let i = 0; i < CALLS_A_ROUND; i++) call(i);
  return elapsedNs(since) / CALLS_A_ROUND;
}

async function microsecondsARender({ render }: Candidate): Promise<number> {
  const since = process.hrtime.bigint();
  for (let i = 0; i < RENDERS_A_ROUND; i++) await render();
  return elapsedNs(since) / RENDERS_A_ROUND / 1000;
}

export interface MetricsFigure {
  readonly name: string;
  readonly count_ns: number;
  readonly observe_ns: number;
  readonly render_us: number;
  /** Medians over the rounds: its cost divided by that of ours in the same round. */
  readonly over_ours: { readonly count: number; readonly observe: number; readonly render: number };
}

/**
 * The cost of a metric: a count, a duration, and the text for Prometheus. Rounds are interleaved; ratios are
 * computed within a round.
 */
export async function runMetrics(options: { rounds: number; say: (line: string) => void }) {
  const all = [ours(), openTelemetry(), promClient()];
  const rounds: { count: number; observe: number; render: number }[][] = [];
  for (let round = -1; round < options.rounds; round++) {
    const row = [];
    for (const one of all)
      row.push({
        count: nanosecondsACall(one.count),
        observe: nanosecondsACall(one.observe),
        render: await microsecondsARender(one),
      });
    if (round < 0) continue; // the warm-up
    rounds.push(row);
    options.say(`round ${round + 1} of ${options.rounds}`);
  }
  const over = (at: number, what: 'count' | 'observe' | 'render') =>
    median(rounds.map((row) => (row[at]?.[what] ?? Number.NaN) / (row[0]?.[what] ?? Number.NaN)));
  const own = (at: number, what: 'count' | 'observe' | 'render') =>
    median(rounds.map((row) => row[at]?.[what] ?? Number.NaN));
  const figures: MetricsFigure[] = all.map(({ name }, at) => ({
    name,
    count_ns: own(at, 'count'),
    observe_ns: own(at, 'observe'),
    render_us: own(at, 'render'),
    over_ours: { count: over(at, 'count'), observe: over(at, 'observe'), render: over(at, 'render') },
  }));
  const text = table(
    ['metrics', 'ns a count', 'x ours', 'ns a duration', 'x ours', 'µs a rendering', 'x ours'],
    figures.map((row) => [
      row.name,
      figure(row.count_ns),
      figure(row.over_ours.count),
      figure(row.observe_ns),
      figure(row.over_ours.observe),
      figure(row.render_us),
      figure(row.over_ours.render),
    ]),
  );
  return { suite: 'metrics', figures, text };
}
