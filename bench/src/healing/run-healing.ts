import type { BenchOptions } from '../bench-options.ts';
import { figure, table } from '../table.ts';
import { measureStorm } from './measure-storm.ts';
import { measureStrategies } from './measure-strategies.ts';

/** The cost of healing when calls fail: per strategy without its waits, and in a storm of errors. */
export async function runHealing(options: BenchOptions) {
  await measureStrategies(200);
  const strategies = await measureStrategies(1_000 * options.rounds);
  options.say('strategies measured');
  const refused = () =>
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  const ever = (n: number) =>
    new Error(`cannot read row ${n} of table t${n % 977}: ${Math.imul(n, 2654435761)}`);
  const open = { breaker: false, bulkhead: false } as const;
  const storms = [
    await measureStorm('one error, not wrapped at all', refused, null),
    await measureStorm('one error, retried', refused, { idempotent: true, ...open }),
    await measureStorm('one error, breaker on', refused, { idempotent: true }),
    await measureStorm('ever new errors', ever, open),
  ];
  const text = [
    table(
      ['healed by, without waiting', 'healed', 'p50 ms', 'p99 ms'],
      strategies.map((row) => [row.strategy, figure(row.healed), figure(row.p50_ms), figure(row.p99_ms)]),
    ),
    '',
    table(
      ['storm', 'errors', 'in s', 'longest stall ms', 'peak MB', 'kept MB', 'captures sent', 'repeats'],
      storms.map((row) => [
        row.storm,
        figure(row.errors),
        figure(row.seconds),
        figure(row.stall_ms),
        figure(row.peak_mb),
        figure(row.growth_mb),
        String(row.captures),
        String(row.repeats),
      ]),
    ),
  ].join('\n');
  return { suite: 'healing', figures: { strategies, storms }, text };
}
