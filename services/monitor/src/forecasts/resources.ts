/**
 * A bounded resource, and when its end is near enough to act. The numbers without a source below were chosen on
 * the development seed of `npm run bench -- anomalies`.
 */
export interface Resource {
  readonly unit: 'bytes' | 'count' | 'calls';
  /** A forecast of less than this may become a preventive symptom, s: what a remedy or a human needs, with reserve. */
  readonly soonSeconds: number;
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

export const RESOURCES = {
  /** A human frees or adds space: one working night. */
  disk: { unit: 'bytes', soonSeconds: 12 * HOUR_S },
  /** A restart frees it, at a quiet moment. */
  memory: { unit: 'bytes', soonSeconds: HOUR_S },
  /** Connections of a pool or a server: a reset takes seconds, a human who finds the leak half an hour. */
  connections: { unit: 'count', soonSeconds: 30 * MINUTE_S },
  /** `max_bytes` of a stream: a consumer is restarted, or publishers slow down. */
  queue: { unit: 'bytes', soonSeconds: 30 * MINUTE_S },
  /** Calls of a partner: the partner is told, and may change the plan. */
  quota: { unit: 'calls', soonSeconds: 24 * HOUR_S },
} as const satisfies Record<string, Resource>;

/**
 * Below these shares of the limit no forecast is acted upon. A heap grows to a multiple of what is in use before it is
 * collected, and a service that works uses a sixth of its limit; of a pool of ten connections one more is much; a disk or a
 * stream that is half empty leaves a human his night.
 */
export const FORECAST_FROM = { memory: 0.4, disk: 0.5, connections: 0.5, stream: 0.4 } as const;

/** A forecast needs more confidence than this to become a preventive symptom. */
export const LEAST_CONFIDENCE = 0.8;

/** Points of a window: 40 points are 780 pairs, 0.1 ms a point. */
export const POINTS = 40;
/** Fewer points make no forecast: 5 minutes, 2 hours. */
export const LEAST_POINTS = 20;
/** Up to so many times its own length a window may be extended with full confidence. */
export const REACH = 6;
/** Beyond so many times its length nothing is said: the confidence would be about a half, and less. */
export const FAR = 2 * REACH;
/** A fall by this share of the capacity is a refill, or the fall of a sawtooth. */
export const FALL_SHARE = 0.08;
/** A fall by this share of the rise before it is one, too. */
export const FALL_OF_RISE = 0.3;
/** Levels from which the use has fallen by itself: the latest, for as long. */
export const PEAKS = 8;
export const PEAK_KEPT_MS = 7 * 24 * HOUR_S * 1000;
/** What falls from above this share was full, or about to be: that fall is no proof of health. */
export const FULL_SHARE = 0.9;
/** So much beyond the highest known peak, as a share of the capacity, a rise is no tooth any more. */
export const PEAK_MARGIN = 0.05;

/** Lengths of a point, ms: windows of 10 minutes and of 4 hours. */
export const HORIZONS_MS = [15_000, 6 * 60_000] as const;
/** A window of 40 s for a leak that leaves no minutes: up to 10 MB a second of the usual limit of 512 MB. */
export const FAST_HORIZONS_MS = [1_000] as const;
