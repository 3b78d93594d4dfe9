import { isPreventive, ResourceForecast } from '../../../services/monitor/src/forecasts/resource-forecast.ts';
import { RESOURCES } from '../../../services/monitor/src/forecasts/resources.ts';
import { median } from '../table.ts';
import { Alarm } from './alarm.ts';
import { type LabelledSeries, labelledSet } from './labelled-series.ts';
import { SLACK_SECONDS } from './score.ts';

const HOLD_SECONDS = 60;
const NEARLY_FULL = 0.9;

export interface ForecastFigure {
  readonly name: string;
  readonly leaks: number;
  readonly in_time: number;
  readonly median_minutes_before: number;
  /** Of the time until full that was said, as a share of the true one. NaN for who says none. */
  readonly median_error: number;
  readonly false_alarms: number;
}

/** Whether the end is near, and what is said about it: seconds until full, NaN when nothing is said. */
type Look = (used: number, second: number) => { near: boolean; seconds: number };

function forecastLook({ metric }: LabelledSeries, capacity: number): { look: Look; restart: () => void } {
  const forecast = new ResourceForecast();
  const resource = metric === 'memory' ? RESOURCES.memory : RESOURCES.connections;
  return {
    restart: () => forecast.restart(),
    look: (used, second) => {
      const now = forecast.observe(used, capacity, second * 1000);
      return { near: isPreventive(now, resource), seconds: now.seconds ?? Number.NaN };
    },
  };
}

const thresholdLook = (_: LabelledSeries, capacity: number) => ({
  restart: () => undefined,
  look: (used: number) => ({ near: used > NEARLY_FULL * capacity, seconds: Number.NaN }),
});

/** The begins of its alarms in the scored part, with what it said then. */
function alarms(series: LabelledSeries, { look, restart }: ReturnType<typeof forecastLook>) {
  const alarm = new Alarm(HOLD_SECONDS);
  const begun: { second: number; said: number }[] = [];
  for (let second = 0; second < series.values.length; second++) {
    if (series.restarts.includes(second)) restart();
    const used = series.values[second] as number;
    if (Number.isNaN(used)) continue;
    const wasOn = alarm.on;
    const { near, seconds } = look(used, second);
    if (alarm.update(near, second) && !wasOn && second >= series.scoredFrom)
      begun.push({ second, said: seconds });
  }
  return begun;
}

/** What each says about the leaks of the labelled set before they are full, and on bounded series without one. */
export function scoreForecasts(seed: number, count: number): ForecastFigure[] {
  const looks = { 'ours: forecast': forecastLook, '90 % full': thresholdLook };
  const found = Object.keys(looks).map((name) => ({
    name,
    leaks: 0,
    minutes: [] as number[],
    errors: [] as number[],
    false_alarms: 0,
  }));
  for (const series of labelledSet(seed, count)) {
    const { capacity, anomalies } = series;
    if (!capacity) continue;
    Object.values(looks).forEach((make, at) => {
      const tally = found[at] as (typeof found)[number];
      const begun = alarms(series, make(series, capacity));
      const isAbout = (second: number) =>
        anomalies.some(({ begin, end }) => second >= begin && second <= end + SLACK_SECONDS);
      tally.false_alarms += begun.filter(({ second }) => !isAbout(second)).length;
      if (series.kind !== 'leak') return;
      for (const { begin, end, foundBy } of anomalies) {
        tally.leaks++;
        const first = begun.find(({ second }) => second >= begin && second <= foundBy);
        if (!first) continue;
        tally.minutes.push((end - first.second) / 60);
        tally.errors.push(Math.abs(first.said / (end - first.second) - 1));
      }
    });
  }
  return found.map(({ name, leaks, minutes, errors, false_alarms }) => ({
    name,
    leaks,
    in_time: minutes.length,
    median_minutes_before: median(minutes),
    median_error: median(errors),
    false_alarms,
  }));
}
