import { baseLoad, FLAVOURS, type Flavour } from './base-load.ts';
import { HOUR, MINUTE } from './draft.ts';
import type { LabelledSeries } from './labelled-series.ts';
import { Random } from './random.ts';

/** Two hours are learned, then 30 minutes are scored. */
const LEARNED = 2 * HOUR;
const LENGTH = LEARNED + 30 * MINUTE;

const latency = FLAVOURS.find(({ metric }) => metric === 'latency') as Flavour;
const CALM: Flavour = { ...latency, level: [2, 12], noise: 0.1, pauses: 2, bursts: 0 };
/** A second of garbage collection each half minute, a burst of load each four minutes. */
const NOISY: Flavour = { ...CALM, noise: 0.35, wander: 0.15, pauses: 120, bursts: 15, burstSize: [1.5, 5] };

/**
 * Event-loop delay of a process under normal but noisy load, with two deployments in the scored half hour: nothing
 * is wrong. `learned`: the noise was there before, or it begins with the scored part.
 */
export function* noisyLoad(
  seed: number,
  count: number,
  learned: 'noisy' | 'calm',
): Generator<LabelledSeries> {
  for (let i = 0; i < count; i++) {
    const random = new Random(seed * 7_000_003 + i * 7919);
    const level = random.between(...CALM.level);
    const values = baseLoad(NOISY, level, LENGTH, random, () => 1);
    if (learned === 'calm') values.set(baseLoad(CALM, level, LEARNED, random, () => 1));
    const restarts = [LEARNED + random.whole(3, 10) * MINUTE, LEARNED + random.whole(15, 22) * MINUTE];
    for (const at of restarts) {
      values.fill(Number.NaN, at - random.whole(3, 10), at);
      const warm = random.whole(20, 60);
      const peak = random.between(2, 10);
      for (let now = at; now < at + warm; now++)
        values[now] = (values[now] as number) * (peak + ((1 - peak) * (now - at)) / warm);
    }
    yield { kind: 'noisy load', metric: 'latency', values, scoredFrom: LEARNED, restarts, anomalies: [] };
  }
}
