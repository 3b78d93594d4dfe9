import { describe, expect, it } from '@jest/globals';
import { type Fold, MetricSeries } from './metric-series.ts';

const S = 1000;
const BEGIN = 1_800_000_000_000;
const read = (series: MetricSeries, to: number, stepS = 10, from = 0, now = to) =>
  series.read({ start: BEGIN + from * S, end: BEGIN + to * S, ms: stepS * S }, BEGIN + now * S);

describe('MetricSeries', () => {
  it.each([
    ['mean', [2, 6]],
    ['max', [3, 8]],
    ['min', [1, 4]],
  ] as [Fold, number[]][])('folds the samples of a step to their %s', (fold, expected) => {
    const series = new MetricSeries(fold);
    for (const [at, value] of [
      [0, 1],
      [5, 3],
      [9.999, 2],
      [10, 4],
      [19, 8],
    ] as const)
      series.add(value, BEGIN + at * S);
    expect(read(series, 20)).toEqual(expected);
  });

  it('folds a longer step from its steps, of which each counts once', () => {
    const mean = new MetricSeries('mean');
    const max = new MetricSeries('max');
    for (const series of [mean, max]) {
      for (let n = 0; n < 10; n++) series.add(2, BEGIN + n * S);
      series.add(8, BEGIN + 15 * S);
      series.add(1, BEGIN + 40 * S);
    }
    expect(read(mean, 60, 30)).toEqual([5, 1]);
    expect(read(max, 60, 30)).toEqual([8, 1]);
    expect(read(max, 60, 60)).toEqual([8]);
  });

  it('reads two months by the hour as fast as a day: only the day that is kept is looked at', () => {
    const series = new MetricSeries('max');
    const day = 86_400;
    for (let at = 0; at < day; at += 10) series.add(at, BEGIN + at * S);
    const values = read(series, day, 3600, -59 * day);
    expect(values).toHaveLength(60 * 24);
    expect(values.slice(0, 59 * 24).every((value) => value === null)).toBe(true);
    expect(values.slice(-2)).toEqual([day - 3600 - 10, day - 10]);
  });

  it('has nothing where nothing was measured, nor for the present step and times to come', () => {
    const series = new MetricSeries('max');
    series.add(1, BEGIN + 5 * S);
    series.add(2, BEGIN + 35 * S);
    expect(read(series, 60, 10, -20, 39)).toEqual([null, null, 1, null, null, null, null, null]);
    // The step ends with the clock, even when no more sample comes; a late one does not change it.
    expect(read(series, 40)).toEqual([1, null, null, 2]);
    series.add(9, BEGIN + 39 * S);
    expect(read(series, 40)).toEqual([1, null, null, 2]);
    expect(series.last).toEqual({ at: BEGIN + 35 * S, value: 2 });
  });

  it('leaves out what is no number, and samples of an earlier step', () => {
    const series = new MetricSeries('mean');
    series.add(1, BEGIN + 15 * S);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) series.add(value, BEGIN + 16 * S);
    series.add(50, BEGIN + 5 * S);
    expect(read(series, 20)).toEqual([null, 1]);
    expect(series.last).toEqual({ at: BEGIN + 15 * S, value: 1 });
  });
});
