import type { Classification } from '../src/classify/kinds/classification.ts';
import type { HealingRecord } from '../src/common/healing-record.ts';
import type { StrategyName } from '../src/common/strategy-name.ts';
import { type EnvironmentOptions, HealingEnvironment } from '../src/healing/environment.ts';
import type { HealingOptions } from '../src/healing/healing-options.ts';
import { withSelfHealing } from '../src/with-self-healing.ts';

type Verdict = Pick<Classification, 'kind' | 'transient' | 'strategy'>;

/** Verdicts by error code, so that a spec of healing does not change when a rule of the classifier does. */
const VERDICTS: Record<string, Verdict> = {
  ECONNREFUSED: { kind: 'connection_refused', transient: true, strategy: 'RETRY_WITH_BACKOFF' },
  ECONNRESET: { kind: 'connection_lost', transient: true, strategy: 'RETRY_WITH_BACKOFF' },
  '57P01': { kind: 'connection_lost', transient: true, strategy: 'RESET_CONNECTION' },
  ETIMEDOUT: { kind: 'timeout', transient: true, strategy: 'RETRY_WITH_BACKOFF' },
  '40P01': { kind: 'deadlock', transient: true, strategy: 'ROLLBACK_TRANSACTION' },
  CORRUPT: { kind: 'cache_corrupt', transient: false, strategy: 'CLEAR_CACHE_AND_RETRY' },
  429: { kind: 'rate_limited', transient: true, strategy: 'RATE_LIMIT_BACKOFF' },
  503: { kind: 'upstream_unavailable', transient: true, strategy: 'SWITCH_API_ENDPOINT' },
  NOBUS: { kind: 'message_bus_unavailable', transient: true, strategy: 'QUEUE_FOR_LATER' },
  NOCACHE: { kind: 'cache_unavailable', transient: true, strategy: 'SKIP_OPERATION' },
  INVALID: { kind: 'invalid_input', transient: false, strategy: 'ESCALATE' },
};

export const classifyByCode = (error: unknown): Classification => {
  const code = String((error as { code?: unknown } | null)?.code);
  const verdict = VERDICTS[code];
  return verdict
    ? { ...verdict, confidence: 0.95, why: `its code is ${code}`, rule: `test/${code}` }
    : {
        kind: 'unknown',
        transient: false,
        strategy: 'ESCALATE',
        confidence: 0,
        why: 'nothing matched',
        rule: 'none',
      };
};

export function failure(code: string, extra: object = {}): Error {
  return Object.assign(new Error(`failed with ${code}`), { code }, extra);
}

/** An environment of its own for a spec, whose waits are 0 unless a wait was requested. */
export function testEnvironment(options: Partial<EnvironmentOptions> = {}) {
  const environment = new HealingEnvironment({
    classify: classifyByCode,
    fingerprint: (error) => String((error as { code?: unknown } | null)?.code),
    random: () => 0,
    ...options,
  });
  const records: HealingRecord[] = [];
  environment.onHealing((record) => records.push(record));
  return { environment, records };
}

/** A function that throws these errors, one per call, then returns `value`. */
export function failing<V>(errors: readonly unknown[], value: V) {
  const left = [...errors];
  const calls: unknown[][] = [];
  const fn = async (...args: unknown[]): Promise<V> => {
    calls.push(args);
    if (left.length > 0) throw left.shift();
    return value;
  };
  return { fn, calls };
}

/** The rejection of a promise; fails when the promise is not rejected. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not rejected');
}

type Options = Partial<HealingOptions<(...args: unknown[]) => Promise<unknown>>>;

/** A wrapped function that throws these errors first, and everything that can be observed of it. */
export function wrapFailing(
  errors: readonly unknown[],
  options: Options = {},
  setup: Partial<EnvironmentOptions> = {},
) {
  const { environment, records } = testEnvironment(setup);
  const { fn, calls } = failing<unknown>(errors, 'fresh');
  const wrapped = withSelfHealing(fn, {
    source: 'spec.call',
    category: 'api',
    environment,
    breaker: false,
    ...options,
  } as HealingOptions<typeof fn>);
  /** Why a strategy was skipped or failed on the last failure; undefined when it was not on the ladder. */
  const why = (strategy: StrategyName) =>
    records.at(-1)?.steps.find((step) => step.strategy === strategy)?.why;
  return { wrapped, calls, environment, records, why };
}
