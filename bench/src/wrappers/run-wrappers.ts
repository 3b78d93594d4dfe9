import { withSelfHealing } from '@gridworks/resilience';
import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import CircuitBreaker from 'opossum';
import { figure, median, table } from '../table.ts';

type Call = (x: number) => Promise<number>;
const OURS = 'ours: breaker + deadline + bulkhead + metrics';
const bare: Call = async (x) => x + 1;

async function candidates(): Promise<Record<string, Call>> {
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(5) });
  const again = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });
  const deadline = timeout(2000, TimeoutStrategy.Cooperative);
  const both = wrap(again, breaker);
  const all = wrap(again, breaker, deadline);
  const opossum = new CircuitBreaker(bare, { timeout: false });
  const opossumTimed = new CircuitBreaker(bare, { timeout: 2000 });
  const found: Record<string, Call> = {
    'bare async call': bare,
    'try/catch': async (x) => {
      try {
        return await bare(x);
      } catch (error) {
        throw new Error('failed', { cause: error });
      }
    },
    'cockatiel breaker': (x) => breaker.execute(() => bare(x)),
    'cockatiel retry + breaker': (x) => both.execute(() => bare(x)),
    'cockatiel retry + breaker + timeout': (x) => all.execute(() => bare(x)),
    'opossum without timeout': (x) => opossum.fire(x) as Promise<number>,
    'opossum with timeout': (x) => opossumTimed.fire(x) as Promise<number>,
    'ours: bare wrap': withSelfHealing(bare, {
      source: 'bench.bare',
      category: 'runtime',
      breaker: false,
      bulkhead: false,
    }),
    [OURS]: withSelfHealing(bare, {
      source: 'bench.guarded',
      category: 'api',
      breaker: true,
      deadlineMs: 2_000,
      bulkhead: { limit: 10 },
    }),
  };
  return found;
}

async function nanosecondsACall(call: Call, calls: number): Promise<number> {
  const before = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) await call(i);
  return Number(process.hrtime.bigint() - before) / calls;
}

export interface WrapperFigure {
  readonly name: string;
  readonly ns_a_call: number;
  readonly over_bare_ns: number;
}

/**
 * The cost of a wrapper when no call fails: one call after another, rounds interleaved, the median of the
 * rounds.
 */
export async function runWrappers(options: { rounds: number; say: (line: string) => void }) {
  const found = Object.entries(await candidates());
  const rounds = new Map<string, number[]>(found.map(([name]) => [name, []]));
  for (const [, call] of found) await nanosecondsACall(call, 20_000);
  for (let round = 0; round < options.rounds; round++) {
    for (const [name, call] of found) rounds.get(name)?.push(await nanosecondsACall(call, 100_000));
    options.say(`round ${round + 1} of ${options.rounds}`);
  }
  const floor = median(rounds.get('bare async call') ?? []);
  const figures: WrapperFigure[] = found.map(([name]) => {
    const ns = median(rounds.get(name) ?? []);
    return { name, ns_a_call: ns, over_bare_ns: ns - floor };
  });
  const costs = new Map(figures.map((row) => [row.name, row]));
  const ours = costs.get(OURS) as WrapperFigure;
  const cheaper = (than: string) => (costs.get(than)?.ns_a_call ?? Number.NaN) / ours.ns_a_call;
  const ratios = {
    over_bare_ns: ours.over_bare_ns,
    cheaper_than_opossum_with_timeout: cheaper('opossum with timeout'),
    cheaper_than_cockatiel_retry_breaker_timeout: cheaper('cockatiel retry + breaker + timeout'),
  };
  const text = table(
    ['when nothing fails', 'ns a call', 'over bare', 'x bare'],
    figures.map((row) => [
      row.name,
      figure(row.ns_a_call),
      figure(row.over_bare_ns),
      figure(row.ns_a_call / floor),
    ]),
  );
  const verdict = [
    `Ours, with everything on, costs ${figure(ratios.over_bare_ns)} ns over the bare call (goal: at most 150);`,
    `${figure(ratios.cheaper_than_opossum_with_timeout)} x cheaper than opossum with a timeout (goal: 3),`,
    `${figure(ratios.cheaper_than_cockatiel_retry_breaker_timeout)} x cheaper than cockatiel retry + breaker + timeout (goal: 20).`,
  ].join('\n');
  return { suite: 'wrappers', figures, ratios, text: `${text}\n\n${verdict}` };
}
