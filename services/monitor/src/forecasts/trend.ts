import {
  FALL_OF_RISE,
  FALL_SHARE,
  FAR,
  FULL_SHARE,
  LEAST_POINTS,
  PEAK_KEPT_MS,
  PEAK_MARGIN,
  PEAKS,
  POINTS,
  REACH,
} from './resources.ts';
import { fitLine, median } from './theil-sen.ts';

/** Where a rise leads to. */
export interface Outlook {
  /** When the resource is full, ms of the clock of the samples; null: it does not fill up, or nothing can be said. */
  readonly fullAt: number | null;
  /** 0 to 1, the least of four: how often it rose, how straight, how steadily until now, and how far the rise is extended. */
  readonly confidence: number;
}

export const NO_OUTLOOK: Outlook = { fullAt: null, confidence: 0 };

/**
 * The use of a resource in one window of points, as shares of its capacity. The line goes through the lowest use
 * of each point, which is what garbage collection leaves; a parallel one through the latest is what reaches the capacity.
 */
export class Trend {
  readonly #pointMs: number;
  #at: number[] = [];
  #lows: number[] = [];
  #lasts: number[] = [];
  #peaks: { used: number; at: number }[] = [];
  #point = Number.NaN;
  #low = 0;
  #last = 0;
  #lastAt = 0;
  /** Extremes of the lows since the last fall. */
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  outlook: Outlook = NO_OUTLOOK;

  constructor(pointMs: number) {
    this.#pointMs = pointMs;
  }

  /** `used`: share of the capacity, finite; `at`: ms, rising. */
  observe(used: number, at: number): void {
    const point = Math.floor(at / this.#pointMs);
    if (point === this.#point) {
      this.#low = Math.min(this.#low, used);
      this.#last = used;
      this.#lastAt = at;
      return;
    }
    if (!Number.isNaN(this.#point)) this.#add(this.#low, this.#last, this.#lastAt);
    // Points of a time without samples are not invented: after a window without any, the rise is a new one.
    if (point - this.#point > POINTS) this.restart();
    this.#point = point;
    this.#low = used;
    this.#last = used;
    this.#lastAt = at;
  }

  /** The use begins anew: a new process, a refill. */
  restart(): void {
    this.#begin();
    this.#point = Number.NaN;
    this.#least = Number.POSITIVE_INFINITY;
    this.#most = Number.NEGATIVE_INFINITY;
  }

  #begin(): void {
    this.#at = [];
    this.#lows = [];
    this.#lasts = [];
    this.outlook = NO_OUTLOOK;
  }

  #add(low: number, last: number, at: number): void {
    this.#least = Math.min(this.#least, low);
    this.#most = Math.max(this.#most, low);
    const rise = this.#most - this.#least;
    if (this.#most - low > Math.max(FALL_SHARE, FALL_OF_RISE * rise)) this.#fell(low, at);
    this.#at.push(at);
    this.#lows.push(low);
    this.#lasts.push(last);
    if (this.#at.length > POINTS) {
      this.#at.shift();
      this.#lows.shift();
      this.#lasts.shift();
    }
    this.outlook = this.#extend(low, at);
  }

  /** From here the use has come down by itself: below that level a rise is a tooth, not a leak. */
  #fell(low: number, at: number): void {
    if (this.#most < FULL_SHARE) this.#peaks = [...this.#peaks.slice(1 - PEAKS), { used: this.#most, at }];
    this.#begin();
    this.#least = low;
    this.#most = low;
  }

  #extend(low: number, at: number): Outlook {
    const count = this.#at.length;
    if (count < LEAST_POINTS) return NO_OUTLOOK;
    const isKnown = (peak: { used: number; at: number }) =>
      at - peak.at < PEAK_KEPT_MS && low < peak.used + PEAK_MARGIN;
    if (this.#peaks.some(isKnown)) return NO_OUTLOOK;
    if (this.#isFar()) return NO_OUTLOOK;
    const { slope, agreement, spread } = fitLine(this.#at, this.#lows);
    if (!(slope > 0)) return NO_OUTLOOK;
    const span = at - (this.#at[0] as number);
    const half = count >> 1;
    const late = fitLine(this.#at.slice(half), this.#lasts.slice(half)).slope;
    // A leak that began within the window is as steep as its later half, and the sooner end is the safer one.
    const steep = Math.max(slope, late);
    const now = median(this.#lasts.map((used, i) => used + slope * (at - (this.#at[i] as number))));
    const left = Math.max(0, (1 - now) / steep);
    const fit = Math.max(0, 1 - spread / (slope * span));
    const steady = Math.min(1, Math.max(0, late / slope));
    const reach = Math.min(1, (REACH * span) / left);
    return { fullAt: at + left, confidence: Math.min(agreement, fit, steady, reach) };
  }

  /** Roughly, and cheaper than a line: the end is too far away for any confidence that counts. */
  #isFar(): boolean {
    const third = Math.floor(this.#lows.length / 3);
    const late = median(this.#lows.slice(-third));
    const rise = late - median(this.#lows.slice(0, third));
    // Thirds are two thirds of the window apart, so that the window itself rises by 1.5 times as much.
    return !((1 - late) / (1.5 * rise) < FAR) || rise <= 0;
  }
}
