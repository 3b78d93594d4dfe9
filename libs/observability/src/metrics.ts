import { MetricFamily } from './metric-family.ts';
import type { MetricChild, MetricType } from './metric-series.ts';

/** All metrics of a process. Names and label names follow the Prometheus rules; units are in the name. */
export class MetricsRegistry {
  readonly #families = new Map<string, MetricFamily>();

  /**
   * A number that only grows; its name ends in `_total`. `read`, when given, is called whenever metrics are rendered, and
   * returns a total that is counted elsewhere.
   */
  counter(name: string, help: string, labels: readonly string[] = [], read?: () => number): MetricFamily {
    return this.#family('counter', name, help, labels, undefined, read);
  }

  /** A number that increases and decreases. `read`, when given, is called whenever metrics are rendered. */
  gauge(name: string, help: string, labels: readonly string[] = [], read?: () => number): MetricFamily {
    return this.#family('gauge', name, help, labels, undefined, read);
  }

  /** The distribution of values. `buckets`: upper bounds in the unit of the name, ascending. */
  histogram(
    name: string,
    help: string,
    labels: readonly string[] = [],
    buckets: readonly number[] = LATENCY_BUCKETS_S,
  ): MetricFamily {
    return this.#family('histogram', name, help, labels, buckets);
  }

  /** All metrics in Prometheus' text format, version 0.0.4. */
  render(): string {
    return [...this.#families.values()].map((family) => family.render()).join('');
  }

  #family(
    type: MetricType,
    name: string,
    help: string,
    labels: readonly string[],
    buckets?: readonly number[],
    read?: () => number,
  ): MetricFamily {
    const existing = this.#families.get(name);
    if (existing) {
      if (existing.type !== type || existing.labelNames.join() !== labels.join())
        throw new Error(
          `metric ${name} exists as ${existing.type} with labels [${existing.labelNames.join()}]`,
        );
      return existing;
    }
    const family = new MetricFamily(type, name, help, labels, buckets, read);
    this.#families.set(name, family);
    return family;
  }
}

/** Seconds; fine where most requests end, coarse up to our longest deadline. */
export const LATENCY_BUCKETS_S = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** The registry of `/metrics`. */
export const metrics = new MetricsRegistry();
/** Registers a metric in the registry of `/metrics`, or returns the existing one. */
export const counter: MetricsRegistry['counter'] = (...given) => metrics.counter(...given);
export const gauge: MetricsRegistry['gauge'] = (...given) => metrics.gauge(...given);
export const histogram: MetricsRegistry['histogram'] = (...given) => metrics.histogram(...given);
export const renderMetrics = (): string => metrics.render();

export type { MetricChild, MetricFamily };
