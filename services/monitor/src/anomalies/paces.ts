/**
 * How a metric is compared with itself: in steps of one length, by windows of the changes that it usually
 * makes. A fast pace sees steps and spikes, a slow one sees drifts.
 *
 * Numbers without a source were chosen on the development seed of `npm run bench -- anomalies`; the figures are in
 * docs/decisions/2026-11-29-changes-not-values.md.
 */
export interface Pace {
  /** Length of a step, ms. A step is the median of its samples. */
  readonly stepMs: number;
  /** Steps in a block of usual changes. */
  readonly blockSteps: number;
  /** Windows of usual changes, in blocks. A change is odd only when it is odd for all of them. */
  readonly windows: readonly number[];
  /** Blocks before the pace judges: until then it only watches. */
  readonly learnBlocks: number;
  /** Time without a step after which the level is learned anew, ms. */
  readonly forgetAfterMs: number;
  /** Steps in a row below `END_SCORE` that end an anomaly. */
  readonly endSteps: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Steps whose median is "now". Netdata smooths over 3 samples as well. */
export const SMOOTH_STEPS = 3;
/** Smoothed steps in a row that must be beyond the limit: shorter bursts are not judged, and not learned. */
export const SUSTAIN_STEPS = 3;
/** Steps before these whose median is the level: 5 minutes, 2.5 hours. Netdata compares 5 lagged samples. */
export const LEVEL_STEPS = 30;
/** Samples of a step that are kept; further ones replace the oldest. */
export const STEP_SAMPLES = 16;

/** The fast pace judges after an hour: 1, 6 and 24 hours of changes. */
export const FAST: Pace = {
  stepMs: 10_000,
  blockSteps: 60,
  windows: [6, 36, 144],
  learnBlocks: 6,
  forgetAfterMs: 10 * MINUTE_MS,
  endSteps: 6,
};
/** The slow pace judges after a day, since every slope of a daily cycle must have been seen: 1, 3 and 7 days. */
export const SLOW: Pace = {
  stepMs: 5 * MINUTE_MS,
  blockSteps: 24,
  windows: [12, 36, 84],
  learnBlocks: 12,
  forgetAfterMs: 3 * HOUR_MS,
  endSteps: 3,
};

/** Times the median change of a window. 8 medians are 5.4 deviations of normal noise. */
export const SPREAD_FACTOR = 8;
/** Times the largest usual change of a window. */
export const TAIL_FACTOR = 1.5;
/** Share of the blocks of a window whose largest change is not usual: what went unseen there must not widen the limit. */
export const UNUSUAL_SHARE = 0.05;

/** An anomaly begins at score 1 and ends below this: a value at the limit must not begin and end again and again. */
export const END_SCORE = 0.6;
/** An anomaly may become a symptom once it has lasted as long and is still beyond the limit. */
export const SYMPTOM_AFTER_MS = 40_000;
/** After so long the new level is the usual one. A symptom has been published by then. */
export const ACCEPT_AFTER_MS = HOUR_MS;
/** Warm-up of a new process: its samples are neither judged nor learned. */
export const WARM_UP_MS = 90_000;
/** So many anomalies within `MUTE_WITHIN_MS` are chronic: muted, and learned as usual. */
export const MUTE_AFTER_BEGINS = 6;
/** Muted until fewer than this began within `MUTE_WITHIN_MS`. */
export const UNMUTE_BELOW_BEGINS = 3;
export const MUTE_WITHIN_MS = 6 * HOUR_MS;
