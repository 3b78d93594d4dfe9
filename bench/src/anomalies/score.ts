import { median } from '../table.ts';
import type { Candidate } from './candidates.ts';
import type { LabelledSeries } from './labelled-series.ts';

/** An alarm up to so long after the end of an anomaly is about its end, and not false. */
export const SLACK_SECONDS = 300;

/** What one candidate found in the series of one kind. */
export class Tally {
  labelled = 0;
  found = 0;
  late = 0;
  falseAlarms = 0;
  hours = 0;
  readonly delays: number[] = [];

  add(other: Tally): void {
    this.labelled += other.labelled;
    this.found += other.found;
    this.late += other.late;
    this.falseAlarms += other.falseAlarms;
    this.hours += other.hours;
    this.delays.push(...other.delays);
  }

  /** NaN when there was no alarm at all. */
  get precision(): number {
    return this.found / (this.found + this.falseAlarms);
  }
  /** NaN when there was nothing to find. */
  get recall(): number {
    return this.found / this.labelled;
  }
  get f1(): number {
    return (2 * this.found) / (this.found + this.falseAlarms + this.labelled);
  }
  get medianDelay(): number {
    return median(this.delays);
  }
}

/** Scores the begins of alarms, in seconds of the series, against its labels. */
export function scoreAlarms(series: LabelledSeries, begins: readonly number[]): Tally {
  const tally = new Tally();
  const { anomalies } = series;
  tally.labelled = anomalies.length;
  tally.hours = (series.values.length - series.scoredFrom) / 3600;
  const first = new Map<number, number>();
  for (const begin of begins) {
    const about = anomalies.findIndex((one) => begin >= one.begin && begin <= one.end + SLACK_SECONDS);
    if (about < 0) tally.falseAlarms++;
    else if (!first.has(about)) first.set(about, begin);
  }
  for (const [about, begin] of first) {
    const anomaly = anomalies[about] as LabelledSeries['anomalies'][number];
    if (begin > anomaly.foundBy) tally.late++;
    else {
      tally.found++;
      tally.delays.push(begin - anomaly.begin);
    }
  }
  return tally;
}

/** When the alarms of a candidate began in the scored part of a series, in seconds. */
export function alarmsOf(candidate: Candidate, series: LabelledSeries): number[] {
  const watcher = candidate.watch(series);
  const begins: number[] = [];
  let on = false;
  let restarts = 0;
  for (let second = 0; second < series.values.length; second++) {
    if (series.restarts[restarts] === second) {
      watcher.restart(second);
      restarts++;
    }
    const now = watcher.observe(series.values[second] as number, second);
    if (now && !on && second >= series.scoredFrom) begins.push(second);
    on = now;
  }
  return begins;
}
