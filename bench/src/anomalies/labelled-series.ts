import type { METRIC_KINDS } from '../../../services/monitor/src/anomalies/metric-kinds.ts';
import { baseLoad, FLAVOURS, finish } from './base-load.ts';
import { type Draft, LENGTH, SCORED_FROM } from './draft.ts';
import { Random } from './random.ts';
import { METRICS_OF, SERIES_KINDS } from './series-kinds.ts';

/** What should be found: an alarm that begins from `begin` to `foundBy` finds it. Seconds of the series. */
export interface LabelledAnomaly {
  readonly begin: number;
  readonly end: number;
  readonly foundBy: number;
}

/** One metric, a sample a second, with what is odd in it. */
export interface LabelledSeries {
  readonly kind: string;
  readonly metric: keyof typeof METRIC_KINDS;
  /** NaN is a missing sample. */
  readonly values: Float64Array;
  /** Before this second candidates learn, and nothing is scored. */
  readonly scoredFrom: number;
  /** Seconds at which a new process begins, rising. */
  readonly restarts: readonly number[];
  readonly anomalies: readonly LabelledAnomaly[];
  /** The bound of a resource, in the unit of the metric. */
  readonly capacity?: number | undefined;
}

/** The labelled set of a seed: `count` series of each kind, made one after another. */
export function* labelledSet(seed: number, count: number): Generator<LabelledSeries> {
  let made = 0;
  for (const [kind, shape] of Object.entries(SERIES_KINDS)) {
    const flavours = FLAVOURS.filter(({ metric }) => METRICS_OF[kind]?.includes(metric) ?? true);
    for (let i = 0; i < count; i++) {
      const random = new Random(seed * 1_000_003 + made++ * 7919);
      const flavour = flavours[(i >> 1) % flavours.length] as (typeof flavours)[number];
      const level = random.between(...flavour.level);
      const values = baseLoad(flavour, level, LENGTH, random, () => 1);
      const draft: Draft = { random, flavour, level, values, anomalies: [], restarts: [] };
      if (flavour.bounded) draft.capacity = level * random.between(3, 5);
      shape(draft, i % 2 === 1);
      yield {
        kind,
        metric: flavour.metric,
        values: finish(flavour, draft.values),
        scoredFrom: SCORED_FROM,
        restarts: draft.restarts,
        anomalies: draft.anomalies,
        capacity: draft.capacity,
      };
    }
  }
}
