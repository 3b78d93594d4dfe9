import { describe, expect, it, jest } from '@jest/globals';
import { failing, failure, rejection, testEnvironment } from '../../test/healing-fixture.ts';
import { healingOf } from '../common/healing-record.ts';
import type { HealingOptions } from '../healing/healing-options.ts';
import { siteOf, withSelfHealing } from '../with-self-healing.ts';

function gate() {
  const open: (() => void)[] = [];
  const fn = (n: number) => new Promise<number>((resolve) => open.push(() => resolve(n)));
  return { open, fn };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

function wrap<F extends (...args: never[]) => Promise<unknown>>(
  fn: F,
  options: Partial<HealingOptions<F>> = {},
) {
  const { environment, records } = testEnvironment();
  const wrapped = withSelfHealing(fn, {
    source: 'spec.guards',
    category: 'api',
    environment,
    ...options,
  } as HealingOptions<F>);
  return { wrapped, environment, records, stats: siteOf(wrapped)!.stats };
}

describe('the bulkhead', () => {
  it('runs 10 at once by default, the next in the order of arrival', async () => {
    const { open, fn } = gate();
    const { wrapped, stats } = wrap(fn);
    const calls = Array.from({ length: 13 }, (_, n) => wrapped(n));
    expect([open.length, stats.inFlight, stats.waiting]).toEqual([10, 10, 3]);
    open[4]!();
    expect(await calls[4]).toBe(4);
    expect([open.length, stats.waiting]).toEqual([11, 2]);
    for (const go of open) go();
    await settled();
    for (const go of open) go();
    expect(await Promise.all(calls)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([stats.inFlight, stats.waiting]).toEqual([0, 0]);
  });

  it('refuses calls that neither run nor wait, without calling the function', async () => {
    const { open, fn } = gate();
    const { wrapped } = wrap(fn, { bulkhead: { limit: 1, queue: 1 }, retry: false });
    const calls = [wrapped(0), wrapped(1)];
    expect(await rejection(wrapped(2))).toMatchObject({ code: 'RESILIENCE.BULKHEAD_FULL' });
    expect(open).toHaveLength(1);
    open[0]!();
    await calls[0];
    open[1]!();
    await calls[1];
  });

  it('gives the place of a call that fails, or throws at once, to the next', async () => {
    let n = 0;
    const { wrapped } = wrap(
      (): Promise<number> => {
        if (++n === 1) return Promise.reject(failure('INVALID'));
        if (n < 4) throw failure('INVALID');
        return Promise.resolve(n);
      },
      { bulkhead: { limit: 1 } },
    );
    const calls = await Promise.allSettled([wrapped(), wrapped(), wrapped(), wrapped()]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });

  it('can be switched off', async () => {
    const { open, fn } = gate();
    const { wrapped } = wrap(fn, { bulkhead: false });
    const calls = Array.from({ length: 500 }, (_, n) => wrapped(n));
    expect(open).toHaveLength(500);
    for (const go of open) go();
    await Promise.all(calls);
  });
});

describe('the deadline', () => {
  it('gives up a call that hangs, frees its place, and ignores its late result', async () => {
    const { open, fn } = gate();
    const { wrapped, stats } = wrap(fn, { deadlineMs: 30, bulkhead: { limit: 1 } });
    const error = await rejection(wrapped(0));
    expect(error).toMatchObject({ code: 'RESILIENCE.DEADLINE_EXCEEDED', source: 'spec.guards' });
    const second = wrapped(1);
    open[0]!();
    open[1]!();
    expect(await second).toBe(1);
    expect(stats).toMatchObject({ timedOut: 1, late: 1, inFlight: 0 });
  });

  it('also ends the wait for a place, and then the function is not called', async () => {
    const { open, fn } = gate();
    const { wrapped, stats } = wrap(fn, { deadlineMs: 30, bulkhead: { limit: 1 } });
    const outcomes = await Promise.all([rejection(wrapped(0)), rejection(wrapped(1))]);
    expect(outcomes[1]).toMatchObject({ code: 'RESILIENCE.BULKHEAD_FULL' });
    expect(open).toHaveLength(1);
    expect(stats.waiting).toBe(0);
  });

  it('aborts the signal that the function takes', async () => {
    const reasons: unknown[] = [];
    const { wrapped } = wrap(
      (_path: string, init: { signal?: AbortSignal } = {}) =>
        new Promise<void>((_, reject) => {
          init.signal?.addEventListener('abort', () => {
            reasons.push(init.signal?.reason);
            reject(init.signal?.reason);
          });
        }),
      { deadlineMs: 30, signal: { argument: 1, property: 'signal' } },
    );
    const error = await rejection(wrapped('/'));
    expect(reasons).toEqual([error]);
  });

  it('does not change the arguments when no place for a signal was named', async () => {
    const seen: unknown[][] = [];
    const { wrapped } = wrap(async (...args: unknown[]) => void seen.push(args), { deadlineMs: 1_000 });
    await wrapped('a', undefined);
    expect(seen).toEqual([['a', undefined]]);
  });
});

describe('the breaker', () => {
  it('stops calls after five failures, with the last one as the cause of its error', async () => {
    const last = failure('ETIMEDOUT');
    const { fn, calls } = failing([...Array.from({ length: 4 }, () => failure('ETIMEDOUT')), last], 'ok');
    const { wrapped, stats } = wrap(fn);
    for (let i = 0; i < 5; i++) await rejection(wrapped());
    const error = await rejection(wrapped());
    expect(error).toMatchObject({ code: 'RESILIENCE.CIRCUIT_OPEN', cause: last });
    expect(healingOf(error)?.decision.kind).toBe('circuit_open');
    expect(calls).toHaveLength(5);
    expect(stats.refused).toBe(1);
  });

  it('does not count failures that do not concern the dependency', async () => {
    const { fn, calls } = failing(
      Array.from({ length: 30 }, () => failure('INVALID')),
      'ok',
    );
    const { wrapped } = wrap(fn);
    for (let i = 0; i < 30; i++) await rejection(wrapped());
    expect(calls).toHaveLength(30);
    expect(await wrapped()).toBe('ok');
  });

  it('waits for the recovery of the dependency before its first trial', async () => {
    const order: string[] = [];
    let away = true;
    const { wrapped, environment } = wrap(
      async () => {
        order.push('call');
        if (away) throw failure('ETIMEDOUT');
        return 1;
      },
      { breaker: { name: 'db', consecutiveFailures: 1, recover: async () => void order.push('recover') } },
    );
    await rejection(wrapped());
    away = false;
    environment.breakers.dependencyHealthy('db');
    expect(await wrapped()).toBe(1);
    expect(await wrapped()).toBe(1);
    expect(order).toEqual(['call', 'recover', 'call', 'call']);
    expect(environment.breakers.get('db')?.state).toBe('closed');
  });

  it('is shared by call sites that name the same one', async () => {
    const { environment } = testEnvironment();
    const options = {
      category: 'database',
      environment,
      breaker: { name: 'pg', consecutiveFailures: 1 },
    } as const;
    const first = withSelfHealing(failing([failure('ETIMEDOUT')], 1).fn, { source: 'first', ...options });
    const { fn, calls } = failing([], 1);
    const second = withSelfHealing(fn, { source: 'second', ...options });
    await rejection(first());
    expect(await rejection(second())).toMatchObject({ code: 'RESILIENCE.CIRCUIT_OPEN' });
    expect(calls).toHaveLength(0);
  });

  it('refuses waiting calls when it opens meanwhile', async () => {
    const fn = jest.fn(async () => {
      throw failure('ETIMEDOUT');
    });
    const { wrapped } = wrap(fn, { bulkhead: { limit: 1 }, breaker: { consecutiveFailures: 2 } });
    const errors = await Promise.all([1, 2, 3, 4].map(() => rejection(wrapped())));
    expect(errors.map((error) => (error as { code: string }).code)).toEqual([
      'ETIMEDOUT',
      'ETIMEDOUT',
      'RESILIENCE.CIRCUIT_OPEN',
      'RESILIENCE.CIRCUIT_OPEN',
    ]);
    expect(fn).toHaveBeenCalledTimes(2);
  });
});

describe('the rate limit', () => {
  it('waits for its turn when over it, without calling the function sooner', async () => {
    const { fn, calls } = failing([], 'ok');
    const { wrapped, records } = wrap(fn, { rateLimit: { perSecond: 50, burst: 1 } });
    expect(await Promise.all([wrapped(1), wrapped(2)])).toEqual(['ok', 'ok']);
    expect(calls).toHaveLength(2);
    expect(records).toMatchObject([
      { healedBy: 'RATE_LIMIT_BACKOFF', decision: { rule: 'guard/rate_limited' } },
    ]);
  });
});
