import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  classifyByCode,
  failing,
  failure,
  rejection,
  testEnvironment,
  wrapFailing,
} from '../test/healing-fixture.ts';
import { RetryBudget } from './budget/retry-budget.ts';
import { healingOf } from './common/healing-record.ts';
import type { StrategyName } from './common/strategy-name.ts';
import type { KnownPattern } from './healing/examine-error.ts';
import type { HealingOptions } from './healing/healing-options.ts';
import { processEnvironment } from './process-environment.ts';
import type { ErrorCapture } from './reporting/error-capture.ts';
import { ErrorReporter } from './reporting/error-reporter.ts';
import { siteOf, withSelfHealing } from './with-self-healing.ts';

const learned = (strategy: StrategyName): KnownPattern => ({ strategy, origin: 'learned' });
const unguarded = { breaker: false, bulkhead: false } as const;

describe('the wrapped function', () => {
  it('keeps parameters, `this`, generics, name and length', async () => {
    class Picker {
      items = ['a'];
      async pick<T extends string>(this: Picker, wanted: T, _other?: number): Promise<T | undefined> {
        return this.items.includes(wanted) ? wanted : undefined;
      }
    }
    for (const guards of [{}, unguarded]) {
      const { environment } = testEnvironment();
      const original = Picker.prototype.pick;
      const pick = withSelfHealing(original, {
        source: 'shelf',
        category: 'runtime',
        environment,
        ...guards,
      });
      const picker = Object.assign(new Picker(), { pick });
      const picked: 'a' | undefined = await picker.pick('a');
      expect([picked, pick.name, pick.length]).toEqual(['a', 'pick', original.length]);
    }
  });

  it('passes values and errors through unchanged, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.boolean(), async (given, guarded) => {
        const { environment } = testEnvironment();
        const options = { source: 's', category: 'api', environment, ...(guarded ? {} : unguarded) } as const;
        // A promise or a thenable would be unwrapped by an async function, too.
        const value = { given };
        expect(await withSelfHealing(async () => value, options)()).toBe(value);
        const thrown = withSelfHealing(async () => {
          throw given;
        }, options);
        let caught: unknown = value;
        try {
          await thrown();
        } catch (error) {
          caught = error;
        }
        expect(Object.is(caught, given)).toBe(true);
      }),
    );
  });

  it('turns a throw before the first await into a rejection', async () => {
    for (const guards of [{}, unguarded]) {
      const { environment } = testEnvironment();
      const fn = (): Promise<number> => {
        throw failure('INVALID');
      };
      const wrapped = withSelfHealing(fn, { source: 's', category: 'api', environment, ...guards });
      expect(await rejection(wrapped())).toMatchObject({ code: 'INVALID' });
    }
  });

  it('awaits a thenable like a promise', async () => {
    const { environment } = testEnvironment();
    // biome-ignore lint/suspicious/noThenProperty: query builders are such
    const lazy = () => ({ then: (resolve: (value: number) => void) => resolve(7) }) as PromiseLike<number>;
    expect(await withSelfHealing(lazy, { source: 's', category: 'api', environment })()).toBe(7);
  });
});

describe('wrapping', () => {
  it('is refused twice, with an error that names both places', () => {
    const once = withSelfHealing(async () => 1, { source: 'billing.find', category: 'database' });
    expect(() => withSelfHealing(once, { source: 'gateway.find', category: 'api' })).toThrow(
      expect.objectContaining({
        code: 'RESILIENCE.WRAPPED_TWICE',
        message: expect.stringMatching(/"gateway\.find".*"billing\.find"/),
      }),
    );
  });

  it('refuses invalid options, at once', () => {
    const fn = async () => 1;
    const wrong: Partial<HealingOptions<typeof fn>>[] = [
      { source: '' },
      { category: 'other' as never },
      { deadlineMs: 0 },
      { deadlineMs: 100, attemptMs: 200 },
      { bulkhead: { limit: 0 } },
      { retry: { attempts: 0 } },
    ];
    for (const options of wrong)
      expect(() => withSelfHealing(fn, { source: 's', category: 'api', ...options })).toThrow(
        expect.objectContaining({ code: 'RESILIENCE.INVALID_OPTIONS' }),
      );
    expect(() => withSelfHealing(7 as never, { source: 's', category: 'api' })).toThrow(/must be a function/);
  });
});

describe('a failure that is not healed', () => {
  it('is the original error, with the record attached', async () => {
    const original = Object.freeze(failure('ECONNRESET'));
    const { wrapped } = wrapFailing([original, failure('ECONNRESET')], {
      idempotent: true,
      retry: { attempts: 1 },
    });
    const error = await rejection(wrapped());
    expect(error).toBe(original);
    expect(healingOf(error)).toMatchObject({
      source: 'spec.call',
      healedBy: null,
      decision: { kind: 'connection_lost', decidedBy: 'rule' },
      steps: [
        { strategy: 'RETRY_WITH_BACKOFF', outcome: 'failed', why: 'it failed again: connection_lost' },
        {},
        {},
        {},
        {},
        {},
      ],
    });
  });

  it('is the original error also when functions among the options throw', async () => {
    const broken = () => {
      throw new Error('a mistake in the options');
    };
    for (const options of [
      { remainingMs: broken },
      { idempotencyKey: broken },
      { cache: { key: broken } },
      { defaultValue: broken },
      { queue: { port: { enqueue: broken }, payload: broken }, idempotent: true },
    ]) {
      const original = failure('ETIMEDOUT');
      const { wrapped } = wrapFailing([original, original], { retry: { attempts: 1 }, ...options });
      expect(await rejection(wrapped())).toBe(original);
    }
  });

  it('is not reported when its caller cancelled the call', async () => {
    const controller = new AbortController();
    const { wrapped, calls } = wrapFailing([failure('ECONNREFUSED')], { idempotent: true, defaultValue: 1 });
    controller.abort();
    await rejection(wrapped(controller.signal));
    expect(calls).toHaveLength(1);
  });
});

describe('repeats', () => {
  it('never exceed the budget of the process, over all call sites', async () => {
    const budget = new RetryBudget({ reserve: 5 });
    const { environment } = testEnvironment({ budget });
    let calls = 0;
    const sites = ['a', 'b', 'c'].map((source) =>
      withSelfHealing(
        async () => {
          calls++;
          throw failure('ECONNREFUSED');
        },
        { source, category: 'api', environment, idempotent: true, breaker: false, bulkhead: false },
      ),
    );
    for (let i = 0; i < 100; i++) await Promise.all(sites.map((site) => rejection(site())));
    expect(calls - 300).toBeLessThanOrEqual(5 + 300 * 0.1);
    expect(budget.refused).toBeGreaterThan(0);
  });

  it('end with the deadline of a caller that was refused only after it had waited for a place', async () => {
    const { environment } = testEnvironment();
    const first = Promise.withResolvers<void>();
    const call = withSelfHealing(
      async (endpoint: string): Promise<string> => {
        if (endpoint === 'backup') return new Promise<never>(() => undefined);
        await first.promise;
        throw failure('503');
      },
      {
        ...{ source: 'spec.wait', category: 'api', environment, idempotent: true, retry: false },
        deadlineMs: 400,
        bulkhead: { limit: 1 },
        breaker: { consecutiveFailures: 1 },
        endpoints: { primary: 'first', backups: ['backup'], at: (endpoint): [string] => [endpoint] },
      },
    );
    const began = performance.now();
    const both = [call('first'), call('first')].map(rejection);
    setTimeout(first.resolve, 300); // which opens the breaker, and so refuses the second
    await Promise.all(both);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('do not multiply when one wrapped function calls another', async () => {
    const { environment } = testEnvironment();
    const { fn, calls } = failing(
      Array.from({ length: 99 }, () => failure('ECONNREFUSED')),
      1,
    );
    const options = { category: 'api', environment, idempotent: true, retry: { attempts: 2 } } as const;
    const inner = withSelfHealing(fn, { source: 'inner', ...options });
    const outer = withSelfHealing(() => inner(), { source: 'outer', ...options });
    const error = await rejection(outer());
    expect(calls).toHaveLength(3);
    expect(healingOf(error)?.steps[0]?.why).toBe('inner, inside this call, has repeated it already');
  });
});

describe('calls of one key within 50 ms', () => {
  it('are one call', async () => {
    const { wrapped, calls } = wrapFailing([], { dedupe: { key: (...args) => String(args[0]) } });
    await Promise.all([wrapped('a'), wrapped('a'), wrapped('b')]);
    expect(calls).toEqual([['a'], ['b']]);
  });

  it('are not merged when no key can be made', async () => {
    const { wrapped, calls } = wrapFailing([], {
      dedupe: {
        key: () => {
          throw new Error('no key');
        },
      },
    });
    expect(await Promise.all([wrapped(), wrapped()])).toEqual(['fresh', 'fresh']);
    expect(calls).toHaveLength(2);
  });
});

describe('a pattern', () => {
  it('decides before the rules, and the report says so', async () => {
    const sent: ErrorCapture[] = [];
    const reporter = new ErrorReporter({
      sink: async (batch) => void sent.push(...batch),
      redact: (value) => value,
    });
    const { wrapped } = wrapFailing(
      [failure('ECONNRESET')],
      { idempotent: true, defaultValue: 'default' },
      {
        reporter,
        patterns: { lookup: (print) => (print === 'ECONNRESET' ? learned('USE_DEFAULT_VALUE') : null) },
      },
    );
    expect(await wrapped()).toBe('default');
    await reporter.stop();
    expect(sent).toMatchObject([
      {
        source: 'spec.call',
        decided_by: 'pattern',
        strategy: 'USE_DEFAULT_VALUE',
        outcomes: { USE_DEFAULT_VALUE: { healed: 1, failed: 0 } },
        healed: 1,
      },
    ]);
  });

  it('does not lift a precondition', async () => {
    const { wrapped, why } = wrapFailing(
      [failure('ECONNRESET')],
      { money: true, defaultValue: 0 },
      { patterns: { lookup: () => learned('USE_DEFAULT_VALUE') } },
    );
    await rejection(wrapped());
    expect(why('USE_DEFAULT_VALUE')).toBe('it concerns money');
  });
});

describe('a business error', () => {
  const taken = failure('TAKEN');
  const isBusinessError = (error: unknown) => error === taken;

  it('is thrown unchanged: no healing, no report, no failure for the breaker', async () => {
    for (const guards of [{ breaker: { consecutiveFailures: 2 } }, unguarded]) {
      const sent: ErrorCapture[] = [];
      const reporter = new ErrorReporter({ sink: async (batch) => void sent.push(...batch) });
      const { wrapped, calls } = wrapFailing(
        [taken, taken, taken],
        { idempotent: true, defaultValue: 'default', isBusinessError, ...guards },
        { reporter },
      );
      for (let i = 0; i < 3; i++) expect(await rejection(wrapped())).toBe(taken);
      expect(await wrapped()).toBe('fresh');
      await reporter.stop();
      expect(sent).toEqual([]);
      expect(healingOf(taken)).toBeUndefined();
      expect(calls).toHaveLength(4);
      expect(siteOf(wrapped)?.stats).toMatchObject({ succeeded: 4, failedAttempts: 0, inFlight: 0 });
      expect(siteOf(wrapped)?.breaker?.state ?? 'closed').toBe('closed');
    }
  });

  it('ends the healing when a repeat gets it, and reaches the caller instead of the fault', async () => {
    const { wrapped, calls, records } = wrapFailing([failure('ECONNREFUSED'), taken], {
      isBusinessError,
      defaultValue: 'default',
    });
    expect(await rejection(wrapped())).toBe(taken);
    expect(calls).toHaveLength(2);
    expect(records).toMatchObject([{ healedBy: 'RETRY_WITH_BACKOFF', steps: [{ outcome: 'healed' }] }]);
  });
});

describe('a failure that proves the dependency healthy', () => {
  const refused = failure('ECONNREFUSED');

  it('is healed and reported as any other, and never opens the breaker', async () => {
    const { wrapped, records } = wrapFailing(Array(20).fill(refused), {
      breaker: { consecutiveFailures: 2 },
      retry: false,
      provesHealthy: (error) => error === refused,
    });
    for (let i = 0; i < 20; i++) expect(await rejection(wrapped())).toBe(refused);
    expect(siteOf(wrapped)?.breaker?.state).toBe('closed');
    expect(records).toHaveLength(20);
  });

  it('ends a row of failures, and closes a breaker as the result of a trial', async () => {
    const refusal = failure('INVALID');
    const away = failure('ECONNREFUSED');
    const { wrapped, calls } = wrapFailing([away, refusal, away, away, refusal, away], {
      breaker: { consecutiveFailures: 2, closesAfter: 1 },
      retry: false,
      provesHealthy: (error) => error === refusal,
    });
    const breaker = siteOf(wrapped)?.breaker;
    for (let i = 0; i < 3; i++) await rejection(wrapped());
    expect(breaker?.state).toBe('closed');
    await rejection(wrapped());
    expect(breaker?.state).toBe('open');
    breaker?.dependencyHealthy();
    expect(await rejection(wrapped())).toBe(refusal);
    expect([breaker?.state, calls.length]).toEqual(['closed', 5]);
  });

  it('is never an error of our own guards, whatever the predicate returns', async () => {
    const { wrapped, calls } = wrapFailing(Array(9).fill(refused), {
      breaker: { consecutiveFailures: 2, name: 'spec.judged' },
      retry: false,
      provesHealthy: (error) => error !== refused,
    });
    for (let i = 0; i < 9; i++) await rejection(wrapped());
    expect([siteOf(wrapped)?.breaker?.state, calls.length]).toEqual(['open', 2]);
  });
});

describe('a failure that left nothing behind', () => {
  it('may be repeated although its kind says that it may have happened', async () => {
    const lost = failure('ECONNRESET');
    const certain = wrapFailing([lost], { leftNothing: (error) => error === lost });
    expect(await certain.wrapped()).toBe('fresh');
    const unsure = wrapFailing([lost], { leftNothing: () => false });
    expect(await rejection(unsure.wrapped())).toBe(lost);
    expect(unsure.calls).toHaveLength(1);
  });

  it('counts for that failure only: an ambiguous one after it ends all repeats', async () => {
    const before = failure('ECONNRESET');
    const { wrapped, calls } = wrapFailing([before, failure('ECONNRESET')], {
      leftNothing: (error) => error === before,
    });
    expect(await rejection(wrapped())).toBe(before);
    expect(calls).toHaveLength(2);
  });
});

describe('a storm', () => {
  it('of equal errors is one capture, is examined once and retains nothing', async () => {
    const sent: ErrorCapture[] = [];
    const reporter = new ErrorReporter({ sink: async (batch) => void sent.push(...batch), everyMs: 60_000 });
    const { environment } = testEnvironment({ reporter });
    const wrapped = withSelfHealing(
      async () => {
        throw failure('ECONNRESET');
      },
      { source: 'spec.storm', category: 'api', environment, breaker: false, bulkhead: false },
    );
    await Promise.allSettled(Array.from({ length: 20_000 }, () => wrapped()));
    expect(reporter.waiting).toBe(1);
    await reporter.stop();
    expect(sent).toMatchObject([{ count: 20_000, source: 'spec.storm', kind: 'connection_lost' }]);
    expect(siteOf(wrapped)?.stats).toMatchObject({ inFlight: 0, waiting: 0, notHealed: 20_000 });
  });
});

describe('figures', () => {
  it('count the outcomes at a call site', async () => {
    const { wrapped } = wrapFailing([failure('ECONNREFUSED'), failure('INVALID')]);
    await rejection(wrapped());
    expect(siteOf(wrapped)?.stats).toMatchObject({
      calls: 1,
      healed: 0,
      notHealed: 1,
      repeats: 1,
      failedAttempts: 2,
    });
  });

  it('sample the duration of calls', async () => {
    const { wrapped } = wrapFailing([]);
    for (let i = 0; i < 640; i++) await wrapped();
    expect(siteOf(wrapped)?.stats.latency.samples).toBe(10);
    expect(siteOf(wrapped)?.stats.latency.quantile(0.5)).not.toBeNull();
  });
});

describe('an environment', () => {
  it('is that of the process unless another is given', () => {
    const wrapped = withSelfHealing(async () => 1, { source: 'spec.default', category: 'api' });
    expect(siteOf(wrapped)?.environment).toBe(processEnvironment);
    expect(processEnvironment.breakers.get('spec.default')?.state).toBe('closed');
    expect(classifyByCode(new Error('x')).strategy).toBe('ESCALATE');
  });
});
