import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AnomalyDetector, type Assessment } from './anomaly-detector.ts';
import { METRIC_KINDS } from './metric-kinds.ts';

/** Further series are not judged. A detector takes 11 KB, so these take 3.3 MB. */
export const MAX_DETECTORS = 300;

/** An anomaly that has lasted long enough to be told: the detector is sure for all its windows. */
export interface PersistingAnomaly {
  readonly component: string;
  readonly series: string;
  readonly unit: string;
  readonly score: number;
  readonly expected: readonly [low: number, high: number] | null;
  /** Ms since the epoch. */
  readonly since: number;
  readonly why: string;
}

interface Judged {
  readonly detector: AnomalyDetector;
  readonly unit: string;
  latest: Assessment | undefined;
  /** The anomaly was written down, and has not ended. */
  reported: boolean;
}

/**
 * Judges series by the anomaly detector, writes to the log what it finds, and keeps what has not ended. Whether anything comes from it
 * is decided by `AnomalyJudge`. Reads no clock: times are ms since the epoch.
 */
@Injectable()
export class AnomalyWatch {
  /** By component, then by the name of the series. */
  readonly #judged = new Map<string, Map<string, Judged>>();
  #size = 0;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** The number of series that are judged. */
  get size(): number {
    return this.#size;
  }

  /** One sample of a series, in the unit of its kind. */
  observe(
    component: string,
    series: string,
    kind: keyof typeof METRIC_KINDS,
    value: number,
    at: number,
  ): void {
    const judged = this.#judgedAs(component, series, kind);
    if (!judged) return;
    judged.latest = judged.detector.observe(value, at);
    const { state, symptom, score, since, expected, why } = judged.latest;
    if (symptom && !judged.reported) {
      judged.reported = true;
      this.logger.log('anomaly.began', { series, score, since: timeOf(since), expected, why });
    } else if (judged.reported && state !== 'anomalous') {
      judged.reported = false;
      this.logger.log('anomaly.ended', { series, why });
    }
  }

  /** Every anomaly that was written down and has not ended, the oldest first. */
  persisting(): PersistingAnomaly[] {
    const found: PersistingAnomaly[] = [];
    for (const [component, ofComponent] of this.#judged)
      for (const [series, { latest, reported, unit }] of ofComponent) {
        if (!reported || latest === undefined || latest.since === null) continue;
        const { score, expected, since, why } = latest;
        found.push({ component, series, unit, score, expected, since, why });
      }
    return found.sort((a, b) => a.since - b.since);
  }

  /** The process behind a component is a new one: its warm-up is no anomaly. */
  restarted(component: string, at: number): void {
    for (const [series, judged] of this.#judged.get(component) ?? []) {
      judged.detector.restart(at);
      if (!judged.reported) continue;
      judged.reported = false;
      this.logger.log('anomaly.ended', { series, why: 'The process is a new one.' });
    }
  }

  /** The component is gone for good. */
  forget(component: string): void {
    this.#size -= this.#judged.get(component)?.size ?? 0;
    this.#judged.delete(component);
  }

  #judgedAs(component: string, series: string, kind: keyof typeof METRIC_KINDS): Judged | undefined {
    const known = this.#judged.get(component)?.get(series);
    if (known) return known;
    if (this.#size >= MAX_DETECTORS) return undefined;
    const judged: Judged = {
      detector: new AnomalyDetector(METRIC_KINDS[kind]),
      unit: METRIC_KINDS[kind].unit,
      latest: undefined,
      reported: false,
    };
    const ofComponent = this.#judged.get(component) ?? new Map<string, Judged>();
    this.#judged.set(component, ofComponent.set(series, judged));
    this.#size++;
    return judged;
  }
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
