import {
  HealingEnvironment,
  type HealingOptions,
  processEnvironment,
  RetryBudget,
  type StrategyName,
  withSelfHealing,
} from '@gridworks/resilience';

type Call = (n: number) => Promise<number>;
interface Provocation {
  readonly error: () => unknown;
  readonly options: Partial<HealingOptions<Call>>;
}

const coded =
  (message: string, code: string, extra: object = {}) =>
  () =>
    Object.assign(new Error(message), { code }, extra);
const cut = coded('read ECONNRESET', 'ECONNRESET');
const refused = coded('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED');
const resolved = async () => undefined;

/** One fault and one remedy for each strategy; all waits (backoff, Retry-After) are 0. */
const PROVOCATIONS: Partial<Record<StrategyName, Provocation>> = {
  RETRY_WITH_BACKOFF: { error: cut, options: { idempotent: true } },
  RATE_LIMIT_BACKOFF: {
    error: coded('Too Many Requests', 'ERR_HTTP', { status: 429, headers: { 'retry-after': '0' } }),
    options: { idempotent: true },
  },
  RESET_CONNECTION: {
    error: coded('terminating connection due to administrator command', '57P01', { severity: 'FATAL' }),
    options: { idempotent: true, dependency: 'postgres', resetConnection: resolved },
  },
  ROLLBACK_TRANSACTION: {
    error: coded('deadlock detected', '40P01', { severity: 'ERROR' }),
    options: { dependency: 'postgres', transaction: { rollback: async () => 'rolled_back' } },
  },
  SWITCH_API_ENDPOINT: {
    error: refused,
    options: {
      idempotent: true,
      retry: false,
      endpoints: { primary: 'a', backups: ['b'], at: (_, args) => args },
    },
  },
  FALLBACK_TO_CACHE: { error: refused, options: { retry: false, cache: { key: () => 'k' } } },
  QUEUE_FOR_LATER: {
    error: refused,
    options: { retry: false, queue: { port: { enqueue: resolved }, payload: (n) => n, respond: () => 0 } },
  },
  CLEAR_CACHE_AND_RETRY: {
    error: coded('WRONGTYPE Operation against a key holding the wrong kind of value', 'WRONGTYPE'),
    options: { idempotent: true, dependency: 'redis', clearCache: resolved },
  },
  SKIP_OPERATION: {
    error: coded('MASTERDOWN Link with MASTER is down', 'MASTERDOWN'),
    options: { dependency: 'redis', criticality: 'optional' as never },
  },
  USE_DEFAULT_VALUE: { error: refused, options: { retry: false, defaultValue: 0 } },
};

export interface StrategyFigure {
  readonly strategy: string;
  readonly healed: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/**
 * Milliseconds from the fault to the healed value, one fault after another, without the waits of a strategy.
 */
export async function measureStrategies(faults: number): Promise<StrategyFigure[]> {
  const { classify, fingerprint } = processEnvironment;
  const figures: StrategyFigure[] = [];
  for (const [strategy, { error, options }] of Object.entries(PROVOCATIONS)) {
    const budget = new RetryBudget({ ratio: 1, reserve: faults * 2 });
    const environment = new HealingEnvironment({ classify, fingerprint, budget, random: () => 0 });
    let healed = 0;
    environment.onHealing((record) => {
      if (record.healedBy === strategy) healed++;
    });
    let failNext = false;
    const call = withSelfHealing(
      async (n: number) => {
        if (!failNext) return n;
        failNext = false;
        throw error();
      },
      {
        source: `bench.${strategy}`,
        category: 'api',
        environment,
        breaker: false,
        ...options,
      } as HealingOptions<Call>,
    );
    await call(0);
    const times: number[] = [];
    for (let n = 0; n < faults; n++) {
      failNext = true;
      const began = performance.now();
      await call(n);
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
    figures.push({ strategy, healed, p50_ms: at(0.5), p99_ms: at(0.99) });
  }
  return figures;
}
