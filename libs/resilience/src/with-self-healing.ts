import { CallSite } from './call-site.ts';
import { CATEGORIES } from './common/category.ts';
import { HealingMisuseError } from './common/resilience.errors.ts';
import { CallMerger } from './guard/call-merger.ts';
import type { AsyncFunction, HealingOptions } from './healing/healing-options.ts';
import { processEnvironment } from './process-environment.ts';

/** The member that holds the call site of a wrapped function. */
const SITE = Symbol.for('gridworks.call-site');
type Wrapper = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/**
 * Returns the same function, guarded and self-healing: same parameters, `this`, generics and result. When a
 * call fails, the error is classified and the right strategy is tried; the caller gets the healed value, or
 * the original error (see `healingOf`). Unknown errors are only reported.
 *
 * Throws a HealingMisuseError, right here, when the function is wrapped already or the options are invalid.
 */
export function withSelfHealing<F extends AsyncFunction>(fn: F, options: HealingOptions<F>): F {
  const inner = siteOf(fn);
  if (inner !== undefined)
    throw new HealingMisuseError(
      'RESILIENCE.WRAPPED_TWICE',
      `"${options.source}" wraps a function that is wrapped already, as "${inner.source}": repeats would multiply`,
    );
  validate(fn, options);
  const environment = options.environment ?? processEnvironment;
  const site = new CallSite(fn, options as unknown as HealingOptions<AsyncFunction>, environment);
  const guarded = site.guards === null ? withoutGuards(fn, site) : withGuards(site);
  const wrapper = options.dedupe ? merging(guarded, options.dedupe as never) : guarded;
  Object.defineProperties(wrapper, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
    [SITE]: { value: site },
  });
  return wrapper as unknown as F;
}

/** The call site of a wrapped function; undefined for any other. */
export function siteOf(fn: unknown): CallSite | undefined {
  return typeof fn === 'function' ? (fn as { [SITE]?: CallSite })[SITE] : undefined;
}

function withGuards(site: CallSite): Wrapper {
  const guards = site.guards!;
  const { stats } = site;
  const { budget } = site.environment;
  return function (...args) {
    stats.calls++;
    budget.calls++;
    return guards.call(this, args, false);
  };
}

function withoutGuards(fn: AsyncFunction, site: CallSite): Wrapper {
  const { stats } = site;
  const { budget } = site.environment;
  return async function (...args) {
    stats.calls++;
    budget.calls++;
    try {
      const value = await (fn as unknown as Wrapper).apply(this, args);
      stats.succeeded++;
      return value;
    } catch (error) {
      if (site.isBusinessError(error)) {
        stats.succeeded++;
        throw error;
      }
      stats.failedAttempts++;
      return new Promise((resolve, reject) =>
        site.settle(error, site.examine(error), this, args, 0, resolve, reject),
      );
    }
  };
}

function merging(
  wrapped: Wrapper,
  dedupe: { key: (...args: unknown[]) => string; windowMs?: number },
): Wrapper {
  const merger = new CallMerger(dedupe.windowMs ?? 50);
  return function (...args) {
    let key: string;
    try {
      key = dedupe.key(...args);
    } catch {
      return wrapped.apply(this, args);
    }
    return merger.run(key, () => wrapped.apply(this, args));
  };
}

type Checked = Pick<
  HealingOptions,
  'source' | 'category' | 'deadlineMs' | 'attemptMs' | 'bulkhead' | 'retry'
>;

function validate(fn: unknown, options: Checked): void {
  const wrong = (why: string): never => {
    throw new HealingMisuseError('RESILIENCE.INVALID_OPTIONS', `${options.source || 'a call site'}: ${why}`);
  };
  if (typeof fn !== 'function') wrong('the wrapped value must be a function');
  if (!options.source) wrong('`source` must name the call site');
  if (!CATEGORIES.includes(options.category)) wrong(`\`category\` must be one of ${CATEGORIES.join(', ')}`);
  const { deadlineMs, attemptMs, bulkhead, retry } = options;
  if (deadlineMs !== undefined && !(deadlineMs > 0)) wrong('`deadlineMs` must be above 0');
  if (attemptMs !== undefined && !(attemptMs > 0)) wrong('`attemptMs` must be above 0');
  if (attemptMs !== undefined && deadlineMs !== undefined && attemptMs > deadlineMs)
    wrong('`attemptMs` is above `deadlineMs`');
  if (typeof bulkhead === 'object' && !((bulkhead.limit ?? 1) >= 1 && (bulkhead.queue ?? 0) >= 0))
    wrong('`bulkhead` must let at least one call run');
  if (typeof retry === 'object' && !((retry.attempts ?? 1) >= 1)) wrong('`retry.attempts` must be 1 or more');
}
