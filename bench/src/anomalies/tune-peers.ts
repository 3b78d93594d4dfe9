/**
 * `node --conditions=source bench/src/anomalies/tune-peers.ts [series of a kind]`: which options give each peer its best F1 on
 * the development seed. The best are the constants of `peer-options.ts`.
 */
import { table } from '../table.ts';
import { staticThreshold, zScore } from './candidates.ts';
import { labelledSet } from './labelled-series.ts';
import { DEVELOPMENT_SEED } from './peer-options.ts';
import { alarmsOf, scoreAlarms, Tally } from './score.ts';

const HOLDS = [0, 60, 90];
const MEANS = [1, 60, 120];
const peerGrid = MEANS.flatMap((meanOf) => HOLDS.map((holdSeconds) => ({ meanOf, holdSeconds })));
const named = (peer: string, options: object) => `${peer} ${JSON.stringify(options).replaceAll('"', '')}`;

const count = Number(process.argv[2] ?? 10);
const candidates = peerGrid.flatMap((both) => [
  ...[1, 1.1, 1.15, 1.25].map((margin) => {
    const options = { ...both, margin };
    return staticThreshold(named('static', options), options);
  }),
  ...[1800, 10_800, 86_400].flatMap((windowSeconds) =>
    [3, 6, 8, 10].map((sigmas) => {
      const options = { ...both, windowSeconds, sigmas };
      return zScore(named('z-score', options), options);
    }),
  ),
]);
const tallies = candidates.map(() => new Tally());
for (const series of labelledSet(DEVELOPMENT_SEED, count))
  candidates.forEach((candidate, at) => {
    tallies[at]?.add(scoreAlarms(series, alarmsOf(candidate, series)));
  });
const ranked = candidates
  .map(({ name }, at) => ({ name, tally: tallies[at] as Tally }))
  .sort((a, b) => b.tally.f1 - a.tally.f1);
for (const peer of ['static', 'z-score'])
  console.log(
    `${table(
      ['options', 'precision', 'recall', 'F1'],
      ranked
        .filter(({ name }) => name.startsWith(peer))
        .slice(0, 5)
        .map(({ name, tally }) => [
          name,
          ...[tally.precision, tally.recall, tally.f1].map((one) => one.toFixed(3)),
        ]),
    )}\n`,
  );
