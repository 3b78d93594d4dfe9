import { figure, median, table } from '../table.ts';
import { type Candidate, ours, staticThreshold, zScore } from './candidates.ts';
import { FOUND_WITHIN, MINUTE } from './draft.ts';
import { type LabelledSeries, labelledSet } from './labelled-series.ts';
import { noisyLoad } from './noisy-load.ts';
import { PLAIN_STATIC, PLAIN_Z_SCORE, PRINTED_SEED, TUNED_STATIC, TUNED_Z_SCORE } from './peer-options.ts';
import { alarmsOf, SLACK_SECONDS, scoreAlarms, Tally } from './score.ts';
import { type ForecastFigure, scoreForecasts } from './score-forecasts.ts';

const SERIES_OF_A_KIND = 10;
const NOISY_HALF_HOURS = 40;
const TIMED_SAMPLES = 100_000;

const OURS = 'ours';
const CANDIDATES: readonly Candidate[] = [
  ours(OURS, true),
  ours('ours without forecasts', false),
  staticThreshold('static threshold, tuned', TUNED_STATIC),
  staticThreshold('static threshold, 99.9 %', PLAIN_STATIC),
  zScore('z-score, tuned', TUNED_Z_SCORE),
  zScore('z-score, 3 sigma', PLAIN_Z_SCORE),
];
/** The columns of the table by kind. */
const COMPARED = [OURS, 'static threshold, tuned', 'z-score, tuned'];

export interface AnomalyFigure {
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly median_delay_s: number;
  readonly false_alarms_an_hour: number;
  readonly ns_a_sample: number;
  readonly over_ours: number;
  /** Symptoms begun in noisy half hours in which nothing was wrong. */
  readonly noisy: { readonly learned_noisy: number; readonly learned_calm: number };
  readonly kinds: Readonly<Record<string, { labelled: number; found: number; false_alarms: number }>>;
}

/** Of each candidate, by kind of series. Every series is made once, and lives for its candidates only. */
function scoreAll(say: (line: string) => void): Map<string, Map<string, Tally>> {
  const scores = new Map(CANDIDATES.map(({ name }) => [name, new Map<string, Tally>()]));
  let kind = '';
  for (const series of labelledSet(PRINTED_SEED, SERIES_OF_A_KIND)) {
    if (series.kind !== kind) say(`scoring ${series.kind}`);
    kind = series.kind;
    for (const candidate of CANDIDATES) {
      const kinds = scores.get(candidate.name) as Map<string, Tally>;
      const tally = kinds.get(kind) ?? new Tally();
      tally.add(scoreAlarms(series, alarmsOf(candidate, series)));
      kinds.set(kind, tally);
    }
  }
  return scores;
}

function noisySymptoms(candidate: Candidate, learned: 'noisy' | 'calm'): number {
  let begun = 0;
  for (const series of noisyLoad(PRINTED_SEED, NOISY_HALF_HOURS, learned))
    begun += alarmsOf(candidate, series).length;
  return begun;
}

/** The first series of a bounded resource: ours detects and forecasts there. */
function boundedSeries(): LabelledSeries {
  for (const series of labelledSet(PRINTED_SEED, SERIES_OF_A_KIND)) if (series.capacity) return series;
  throw new Error('the labelled set has no bounded resource');
}

/** Nanoseconds a sample of each candidate, by round; rounds are interleaved. The first one warms up. */
function timeSamples(rounds: number): Map<string, number[]> {
  const series = { ...boundedSeries(), scoredFrom: TIMED_SAMPLES / 2 };
  const times = new Map<string, number[]>(CANDIDATES.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const candidate of CANDIDATES) {
      const watcher = candidate.watch(series);
      const since = process.hrtime.bigint();
      for (let second = 0; second < TIMED_SAMPLES; second++)
        watcher.observe(series.values[second] as number, second);
      const ns = Number(process.hrtime.bigint() - since) / TIMED_SAMPLES;
      if (round >= 0) times.get(candidate.name)?.push(ns);
    }
  }
  return times;
}

const share = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(3));

/** What is found, what is cried for nothing, and what a sample costs: ours, a static threshold, a z-score. */
export async function runAnomalies(options: { rounds: number; say: (line: string) => void }) {
  const scores = scoreAll(options.say);
  options.say('forecasts');
  const forecasts = scoreForecasts(PRINTED_SEED, SERIES_OF_A_KIND);
  options.say('noisy half hours');
  const noisy = new Map(
    CANDIDATES.map((candidate) => [
      candidate.name,
      { learned_noisy: noisySymptoms(candidate, 'noisy'), learned_calm: noisySymptoms(candidate, 'calm') },
    ]),
  );
  options.say('cost of a sample');
  const times = timeSamples(options.rounds);
  const own = times.get(OURS) as number[];
  const figures: AnomalyFigure[] = CANDIDATES.map(({ name }) => {
    const kinds = scores.get(name) as Map<string, Tally>;
    const all = new Tally();
    for (const tally of kinds.values()) all.add(tally);
    const ns = times.get(name) as number[];
    return {
      name,
      precision: all.precision,
      recall: all.recall,
      f1: all.f1,
      median_delay_s: all.medianDelay,
      false_alarms_an_hour: all.falseAlarms / all.hours,
      ns_a_sample: median(ns),
      over_ours: median(ns.map((one, round) => one / (own[round] as number))),
      noisy: noisy.get(name) as AnomalyFigure['noisy'],
      kinds: Object.fromEntries(
        [...kinds].map(([kind, tally]) => [
          kind,
          { labelled: tally.labelled, found: tally.found, false_alarms: tally.falseAlarms },
        ]),
      ),
    };
  });
  return {
    suite: 'anomalies',
    seed: PRINTED_SEED,
    figures,
    forecasts,
    text: render(figures, scores, forecasts),
  };
}

function render(
  figures: readonly AnomalyFigure[],
  scores: Map<string, Map<string, Tally>>,
  forecasts: readonly ForecastFigure[],
): string {
  const totals = table(
    [
      'all kinds',
      'precision',
      'recall',
      'F1',
      'median delay s',
      'false an hour',
      'noisy',
      'new noise',
      'ns a sample',
      'x ours',
    ],
    figures.map((row) => [
      row.name,
      share(row.precision),
      share(row.recall),
      share(row.f1),
      figure(row.median_delay_s),
      row.false_alarms_an_hour.toFixed(4),
      String(row.noisy.learned_noisy),
      String(row.noisy.learned_calm),
      figure(row.ns_a_sample),
      figure(row.over_ours),
    ]),
  );
  const tallyOf = (name: string, kind: string) => scores.get(name)?.get(kind) as Tally;
  const kinds = [...(scores.get(OURS) as Map<string, Tally>).keys()];
  const byKind = table(
    ['found / false / median delay s', 'to find', ...COMPARED],
    kinds.map((kind) => [
      kind,
      String(tallyOf(OURS, kind).labelled),
      ...COMPARED.map((name) => {
        const { found, falseAlarms, medianDelay } = tallyOf(name, kind);
        return `${found} / ${falseAlarms} / ${Number.isNaN(medianDelay) ? '-' : Math.round(medianDelay)}`;
      }),
    ]),
  );
  const full = table(
    ['before it is full', 'leaks', 'in time', 'median minutes before', 'median error %', 'false'],
    forecasts.map((row) => [
      row.name,
      String(row.leaks),
      String(row.in_time),
      figure(row.median_minutes_before),
      Number.isNaN(row.median_error) ? '-' : figure(100 * row.median_error),
      String(row.false_alarms),
    ]),
  );
  return [totals, byKind, full, foot()].join('\n\n');
}

const foot = () =>
  [
    `${SERIES_OF_A_KIND} synthetic series of each kind, a sample a second, 26 hours learned and 22 scored; seed ${PRINTED_SEED}. Everything was tuned on another seed.`,
    `An anomaly is found by an alarm that begins within ${FOUND_WITHIN / MINUTE} min of its begin: after a deployment ${(2 * FOUND_WITHIN) / MINUTE}, of a drift before it is at its highest, of a leak 10 min before it is full.`,
    `An alarm is false when it begins outside of every anomaly and the ${SLACK_SECONDS / MINUTE} min after it. Precision = found / (found + false).`,
    'Candidates know the harmful direction of a metric, and leave out 90 s after a restart. Bursts below 30 s, the hourly job and a first change of a flat count are normal.',
    'Before it is full: the alarm of forecasts alone on all bounded series, beside a threshold at 90 % of the capacity; error of the time that the forecast says, at that moment.',
    `noisy: symptoms begun in ${NOISY_HALF_HOURS} half hours of event-loop delay with garbage collection, bursts and two deployments each; new noise: the same after two calm hours.`,
  ].join('\n');
