import { StepFolder } from '../anomalies/step-folder.ts';
import { HORIZONS_MS, LEAST_CONFIDENCE, type Resource } from './resources.ts';
import { NO_OUTLOOK, type Outlook, Trend } from './trend.ts';

export interface Forecast {
  /** Until the resource is full; null: it does not fill up, or nothing can be said. */
  readonly seconds: number | null;
  /** 0 to 1. */
  readonly confidence: number;
}

const NO_FORECAST: Forecast = { seconds: null, confidence: 0 };

/**
 * Time until a bounded resource is full. Pure: it knows no clock but `at`. Two windows, of minutes and of hours;
 * the more confident one speaks. A fall ends a rise, and a level from which the use has fallen by itself is not
 * feared again.
 */
export class ResourceForecast {
  /** Medians of the samples of the shortest point, 15 s: what lasts for seconds is no use of the resource. */
  readonly #points: StepFolder;
  readonly #trends: readonly Trend[];
  #forecast = NO_FORECAST;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** `horizonsMs`: lengths of a point of each window, rising. */
  constructor(horizonsMs: readonly number[] = HORIZONS_MS) {
    this.#points = new StepFolder(horizonsMs[0] as number);
    this.#trends = horizonsMs.map((pointMs) => new Trend(pointMs));
  }

  /**
   * `used` and `capacity` in the same unit, `at` in ms of a clock that only goes forward. A null, a figure that is not finite, a capacity that
   * is not above 0, and a sample that is not later than the one before it count as missing.
   */
  observe(used: number | null, capacity: number, at: number): Forecast {
    const share = used === null ? Number.NaN : used / capacity;
    if (at > this.#lastAt && capacity > 0 && Number.isFinite(share) && Number.isFinite(at)) {
      this.#lastAt = at;
      const point = this.#points.advance(at);
      if (point !== undefined) this.#add(point, at);
      this.#points.add(share);
    }
    return this.#forecast;
  }

  #add(point: number, at: number): void {
    for (const trend of this.#trends) trend.observe(point, at);
    let best: Outlook = NO_OUTLOOK;
    for (const { outlook } of this.#trends) if (outlook.confidence > best.confidence) best = outlook;
    const { fullAt, confidence } = best;
    this.#forecast = fullAt === null ? NO_FORECAST : { seconds: Math.max(0, fullAt - at) / 1000, confidence };
  }

  /** The process that used the resource is a new one: its use begins anew, and the fall was not by itself. */
  restart(): void {
    this.#points.clear();
    this.#forecast = NO_FORECAST;
    for (const trend of this.#trends) trend.restart();
  }
}

/** The end is near and sure enough to act before it comes. */
export const isPreventive = ({ seconds, confidence }: Forecast, { soonSeconds }: Resource): boolean =>
  seconds !== null && seconds <= soonSeconds && confidence > LEAST_CONFIDENCE;
