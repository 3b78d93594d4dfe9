import { AnomalyDetector } from '../../../services/monitor/src/anomalies/anomaly-detector.ts';
import { METRIC_KINDS } from '../../../services/monitor/src/anomalies/metric-kinds.ts';
import { WARM_UP_MS } from '../../../services/monitor/src/anomalies/paces.ts';
import { isPreventive, ResourceForecast } from '../../../services/monitor/src/forecasts/resource-forecast.ts';
import { RESOURCES } from '../../../services/monitor/src/forecasts/resources.ts';
import { Alarm } from './alarm.ts';
import type { LabelledSeries } from './labelled-series.ts';
import { RollingMean } from './rolling-mean.ts';
import { RollingScore } from './rolling-score.ts';

/** Watches one series: whether its alarm is on after this sample. NaN is a missing sample. */
export interface Watcher {
  observe(value: number, second: number): boolean;
  restart(second: number): void;
}
export interface Candidate {
  readonly name: string;
  readonly watch: (series: LabelledSeries) => Watcher;
}

const FORECAST_HOLD_SECONDS = 60;

/** Ours, as the monitor will run it: an anomaly, or for a bounded resource a preventive symptom. */
export const ours = (name: string, withForecasts: boolean): Candidate => ({
  name,
  watch: ({ metric, capacity }) => {
    const detector = new AnomalyDetector(METRIC_KINDS[metric]);
    const forecast = withForecasts && capacity ? new ResourceForecast() : null;
    const resource = metric === 'memory' ? RESOURCES.memory : RESOURCES.connections;
    const preventive = new Alarm(FORECAST_HOLD_SECONDS);
    let odd = false;
    return {
      observe: (value, second) => {
        const sample = Number.isNaN(value) ? null : value;
        const verdict = detector.observe(sample, second * 1000);
        odd = verdict.symptom || (odd && verdict.state === 'anomalous');
        if (forecast && capacity && sample !== null)
          preventive.update(
            isPreventive(forecast.observe(sample, capacity, second * 1000), resource),
            second,
          );
        return odd || preventive.on;
      },
      restart: (second) => {
        detector.restart(second * 1000);
        forecast?.restart();
      },
    };
  },
});

/** What both peers have: the mean of so many samples is judged, and must be wrong for so long. */
export interface PeerOptions {
  readonly meanOf: number;
  readonly holdSeconds: number;
}
export interface StaticOptions extends PeerOptions {
  /** Times the percentile. */
  readonly margin: number;
}
export interface ScoreOptions extends PeerOptions {
  readonly windowSeconds: number;
  readonly sigmas: number;
}

/** Whether a value is harmful, being beyond `low` or `high`. */
function beyond(metric: LabelledSeries['metric'], low: number, high: number) {
  const { harmful } = METRIC_KINDS[metric];
  return (value: number) => (harmful !== 'down' && value > high) || (harmful !== 'up' && value < low);
}

/** The 0.1st and the 99.9th percentile of the part that candidates learn from. */
function trainedRange({ values, scoredFrom }: LabelledSeries, meanOf: number): [low: number, high: number] {
  const mean = new RollingMean(meanOf);
  const known = values.slice(0, scoredFrom).filter((value) => !Number.isNaN(value));
  const sorted = known.map((value) => mean.observe(value)).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return [at(0.001), at(0.999)];
}

/** The peers get what ours gets: the harmful direction, and no sample of the warm-up after a restart. */
function peer(series: LabelledSeries, options: PeerOptions, isWrong: (value: number) => boolean): Watcher {
  const alarm = new Alarm(options.holdSeconds);
  const mean = new RollingMean(options.meanOf);
  let warmUntil = 0;
  return {
    observe: (value, second) => {
      if (Number.isNaN(value) || second < warmUntil) return alarm.on;
      const wrong = isWrong(mean.observe(value));
      return second >= series.scoredFrom && alarm.update(wrong, second);
    },
    restart: (second) => {
      warmUntil = second + WARM_UP_MS / 1000;
    },
  };
}

export const staticThreshold = (name: string, options: StaticOptions): Candidate => ({
  name,
  watch: (series) => {
    const [low, high] = trainedRange(series, options.meanOf);
    return peer(series, options, beyond(series.metric, low / options.margin, high * options.margin));
  },
});

export const zScore = (name: string, options: ScoreOptions): Candidate => ({
  name,
  watch: (series) => {
    const rolling = new RollingScore(options.windowSeconds);
    const isBeyond = beyond(series.metric, -options.sigmas, options.sigmas);
    return peer(series, options, (value) => isBeyond(rolling.observe(value)));
  },
});
