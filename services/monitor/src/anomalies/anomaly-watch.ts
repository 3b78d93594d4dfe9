import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AnomalyDetector } from './anomaly-detector.ts';
import { METRIC_KINDS } from './metric-kinds.ts';

/** Further series are not judged. A detector takes 11 KB, so these take 3.3 MB. */
export const MAX_DETECTORS = 300;

interface Judged {
  readonly detector: AnomalyDetector;
  /** The anomaly was written down, and has not ended. */
  reported: boolean;
}

/**
 * Judges series by the anomaly detector, and only writes to the log what it finds: no symptom comes from it, so that its
 * findings can be compared with what happened before anything acts on them. Reads no clock: times are ms since the epoch.
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
    const { state, symptom, score, since, expected, why } = judged.detector.observe(value, at);
    if (symptom && !judged.reported) {
      judged.reported = true;
      this.logger.log('anomaly.began', { series, score, since: timeOf(since), expected, why });
    } else if (judged.reported && state !== 'anomalous') {
      judged.reported = false;
      this.logger.log('anomaly.ended', { series, why });
    }
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
    const judged = { detector: new AnomalyDetector(METRIC_KINDS[kind]), reported: false };
    const ofComponent = this.#judged.get(component) ?? new Map<string, Judged>();
    this.#judged.set(component, ofComponent.set(series, judged));
    this.#size++;
    return judged;
  }
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
