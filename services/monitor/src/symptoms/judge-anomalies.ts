import { SIGNALS } from '@gridworks/contracts';
import type { PersistingAnomaly } from '../anomalies/anomaly-watch.ts';
import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';
import { condition } from './judge-instance.ts';

/** Older pulses say nothing about now. */
const FRESH_MS = 3000;
/** For so long, ms, what is odd is explained by a fault that is over: caches fill again, and what waited is done. */
const EXPLAINED_FOR_MS = 300_000;
/** Not judged for so long, ms: something was wrong meanwhile, or this process has just begun. */
const BLIND_MS = 5000;
/** A symptom names so many of them. */
const MOST_NAMED = 5;

/**
 * Anomalies of one instance that persist, as one condition. Judged last of all, since an anomaly harms nobody by itself and every
 * fault shows in figures: what began while something was wrong, or up to five minutes after it, is explained by that to its own end.
 * Conditions that only report (`advisory`) explain nothing but what is odd in their own process.
 */
export class AnomalyJudge {
  /** When each explained anomaly began, by series. */
  readonly #explained = new Map<string, number>();
  #faultAt = Number.NEGATIVE_INFINITY;
  #judgedAt = Number.NEGATIVE_INFINITY;

  /** `faults`: what is wrong otherwise, now. */
  judge(
    anomalies: readonly PersistingAnomaly[],
    instances: readonly TrackedInstance[],
    faults: readonly Condition[],
    servers: ReadonlyMap<string, ServerTracker>,
    now: number,
  ): Condition[] {
    // Nothing is judged while the bus is away.
    const wasBlind = now - this.#judgedAt > BLIND_MS;
    const isFaulty = faults.some(({ signal }) => SIGNALS[signal].strength !== 'advisory');
    if (wasBlind || isFaulty || [...servers.values()].some((server) => server.troubled(now)))
      this.#faultAt = now;
    this.#judgedAt = now;
    for (const [series, since] of this.#explained)
      if (!anomalies.some((one) => one.series === series && one.since === since))
        this.#explained.delete(series);
    return instances.flatMap((known) => {
      const own = anomalies.filter(({ component }) => component === `service:${known.pulse.instance}`);
      const isExplained =
        now - this.#faultAt < EXPLAINED_FOR_MS ||
        faults.some(({ target }) => target.process === known.pulse.instance);
      if (isExplained) for (const { series, since } of own) this.#explained.set(series, since);
      const isFresh = known.received && !known.unresponsive && now - known.seenAt < FRESH_MS;
      const left = isFresh ? own.filter(({ series }) => !this.#explained.has(series)) : [];
      const [first] = left;
      return first ? [condition(known, 'anomaly.persists', first.since, evidenceOf(left))] : [];
    });
  }
}

const evidenceOf = (anomalies: readonly PersistingAnomaly[]) => ({
  anomalies: anomalies.slice(0, MOST_NAMED).map(({ series, score, expected, unit, since, why }) => ({
    ...{ series, score, expected, unit, why },
    since: new Date(since).toISOString(),
  })),
  anomalies_count: anomalies.length,
});
