/** What a kind of metric is measured in, which way it hurts, and which changes are too small to matter. */
export interface MetricKind {
  readonly unit: 'ms' | 'per second' | 'bytes' | 'count' | 'ratio';
  readonly harmful: 'up' | 'down' | 'both';
  /** A smaller change calls for nobody, in the unit. Keeps a flat count from being odd at its first change. */
  readonly leastChange: number;
  /** A smaller change calls for nobody, as a share of the usual level. */
  readonly leastShare: number;
}

/** A change of a quarter is seen by eye on a chart; the goals for latency and load allow as much. */
const QUARTER = 0.25;

/**
 * Every kind of metric. The least changes are product decisions, chosen from what an idle portal shows: its
 * event loop is late by 1-3 ms, its pools hold 2-10 connections, a process takes 60-120 MB.
 */
export const METRIC_KINDS = {
  /** Durations: event-loop delay, p95 of requests, queries. */
  latency: { unit: 'ms', harmful: 'up', leastChange: 10, leastShare: QUARTER },
  /** Throughput. Its loss is as odd as its rise. */
  throughput: { unit: 'per second', harmful: 'both', leastChange: 1, leastShare: QUARTER },
  /** Errors, retries, rejections. One error now and then is no anomaly. */
  errors: { unit: 'per second', harmful: 'up', leastChange: 0.5, leastShare: QUARTER },
  /** Resident memory, heap, disk. */
  memory: { unit: 'bytes', harmful: 'up', leastChange: 16 * 2 ** 20, leastShare: QUARTER },
  /** Small whole numbers: connections, queued messages, open files. */
  count: { unit: 'count', harmful: 'up', leastChange: 5, leastShare: QUARTER },
  /** Processor use, saturation; 0 to 1. */
  usage: { unit: 'ratio', harmful: 'up', leastChange: 0.1, leastShare: QUARTER },
  /** Hits of a cache, successes; 0 to 1. */
  success: { unit: 'ratio', harmful: 'down', leastChange: 0.05, leastShare: 0.05 },
} as const satisfies Record<string, MetricKind>;
