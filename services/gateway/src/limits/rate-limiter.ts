import { LRUCache } from 'lru-cache';
import { Allowance, type Policy } from './allowance.ts';
import { bindingPolicy, type PolicyState, renderPolicies, renderState } from './rate-limit-headers.ts';

/** The count that all gateways share. */
export interface SharedCount {
  /** Returns the count after the increment; null when the count is away, so that each gateway counts alone. */
  add(key: string, increment: number, ttlSeconds: number): Promise<number | null>;
  /** Resolves when the count works, rejects while it does not. */
  check(): Promise<void>;
}

export interface LimitDecision {
  readonly allowed: boolean;
  /** The value of the header `RateLimit`. */
  readonly state: string;
  readonly retryAfterSeconds: number;
  /** Calls left under the policy that has the fewest. */
  readonly remaining: number;
  /** Names of the policies whose quota is used up. */
  readonly violated: readonly string[];
}

/** The kind of caller that is counted, and its policies. */
export class Quota {
  /** The value of the header `RateLimit-Policy`. */
  readonly header: string;
  constructor(
    /** Part of the key of the count: `key`, `session`, `address`. */
    readonly scope: string,
    readonly policies: readonly Policy[],
  ) {
    this.header = renderPolicies(policies);
  }
}

export interface RateLimiterOptions {
  readonly count: SharedCount;
  /** Called with a sentence when the shared count goes away, and with null when it is back. */
  readonly onDegraded?: (text: string | null) => void;
  readonly now?: () => number;
  /** The longest time that a call waits for a lease, in ms; after that this gateway counts alone. */
  readonly waitMs?: number;
  /** How often a count that is away is checked, in ms. */
  readonly retryMs?: number;
  /**
   * How many callers are remembered at most: those with the latest calls. The shared count keeps the counts of
   * the others.
   */
  readonly capacity?: number;
}

interface Caller {
  readonly name: string;
  readonly quota: Quota;
  readonly allowances: readonly Allowance[];
  leasing: Promise<void> | null;
}

/**
 * Counts calls against quotas. Calls are counted within this gateway; leases are requested from the shared
 * count rarely, ahead of need and in the background. While the shared count is away each gateway counts alone,
 * reports that, and adds its calls to the count afterwards.
 */
export class RateLimiter {
  readonly #callers: LRUCache<string, Caller>;
  readonly #options: Required<RateLimiterOptions>;
  /** Runs while the shared count is away. */
  #watch: NodeJS.Timeout | undefined;

  constructor(options: RateLimiterOptions) {
    this.#options = {
      onDegraded: () => {},
      now: Date.now,
      waitMs: 100,
      retryMs: 1000,
      capacity: 50_000,
      ...options,
    };
    this.#callers = new LRUCache({ max: this.#options.capacity });
  }

  /** Takes one call. Returns without a promise when a lease is held, which is nearly always the case. */
  take(quota: Quota, id: string): LimitDecision | Promise<LimitDecision> {
    const now = this.#options.now();
    const caller = this.#callerOf(quota, id, now);
    let ready = true;
    for (const allowance of caller.allowances) {
      allowance.enter(now);
      if (allowance.available === 0 && !allowance.isExhausted()) ready = false;
    }
    if (!ready) return this.#takeAfterLease(caller);
    const decision = this.#decide(caller, now);
    if (
      decision.allowed &&
      !this.#watch &&
      caller.leasing === null &&
      caller.allowances.some((allowance) => allowance.isLow())
    )
      void this.#lease(caller);
    return decision;
  }

  /** The decision for the next call, without taking the call. */
  peek(quota: Quota, id: string): LimitDecision {
    const now = this.#options.now();
    const caller = this.#callerOf(quota, id, now);
    for (const allowance of caller.allowances) allowance.enter(now);
    return describe(caller, now);
  }

  async #takeAfterLease(caller: Caller): Promise<LimitDecision> {
    const deadline = this.#options.now() + this.#options.waitMs;
    for (;;) {
      const now = this.#options.now();
      const short = caller.allowances.filter((allowance) => {
        allowance.enter(now);
        return allowance.available === 0 && !allowance.isExhausted();
      });
      if (short.length === 0) return this.#decide(caller, now);
      if (this.#watch || now >= deadline) for (const allowance of short) allowance.grantAlone();
      else await Promise.race([this.#lease(caller), elapsed(deadline - now)]);
    }
  }

  /** Requests a lease, at most one request at a time for a caller. Never rejects. */
  #lease(caller: Caller): Promise<void> {
    caller.leasing ??= this.#takeLease(caller).finally(() => {
      caller.leasing = null;
    });
    return caller.leasing;
  }

  async #takeLease(caller: Caller): Promise<void> {
    await Promise.all(
      caller.allowances.map(async (allowance) => {
        if (!allowance.isLow()) return;
        const request = allowance.nextLease();
        const { name, windowSeconds } = allowance.policy;
        const key = `limit:${name}:${caller.name}:${request.window}`;
        try {
          const count = await this.#options.count.add(key, request.chunk + request.owed, windowSeconds + 60);
          if (count === null) this.#watchCount();
          else allowance.granted(request, count);
        } catch {
          // The call site had no fallback value, as for an unknown error.
          this.#watchCount();
        }
      }),
    );
  }

  /** Counts alone from now on, until the shared count works again. */
  #watchCount(): void {
    if (this.#watch) return;
    this.#options.onDegraded('rate limits are counted by each gateway alone');
    const poll = async () => {
      try {
        await this.#options.count.check();
        this.close();
        this.#options.onDegraded(null);
      } catch {
        // Still away: the next tick checks again.
      }
    };
    this.#watch = setInterval(poll, this.#options.retryMs).unref();
  }

  /** Ends the background watch. */
  close(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  #decide(caller: Caller, now: number): LimitDecision {
    const allowed = caller.allowances.every((allowance) => allowance.available > 0);
    if (allowed) for (const allowance of caller.allowances) allowance.take();
    const decision = describe(caller, now);
    return allowed ? { ...decision, allowed: true, violated: [] } : { ...decision, allowed: false };
  }

  #callerOf(quota: Quota, id: string, now: number): Caller {
    const name = `${quota.scope}:${id}`;
    let caller = this.#callers.get(name);
    if (caller?.quota !== quota) {
      caller = { name, quota, allowances: allowancesOf(quota, caller), leasing: null };
      for (const allowance of caller.allowances) allowance.enter(now);
      this.#callers.set(name, caller);
    }
    return caller;
  }
}

/**
 * The allowances of a caller whose quota is new, or was changed: those of policies that stay go on. What was taken under a
 * changed one is in the shared count, of which the new one learns with its first lease.
 */
function allowancesOf({ policies }: Quota, before: Caller | undefined): Allowance[] {
  const isSame = (a: Policy, b: Policy) =>
    a.name === b.name && a.quota === b.quota && a.windowSeconds === b.windowSeconds;
  return policies.map(
    (policy) =>
      before?.allowances.find((allowance) => isSame(allowance.policy, policy)) ?? new Allowance(policy),
  );
}

function describe(caller: Caller, now: number): LimitDecision {
  const states: PolicyState[] = caller.allowances.map((allowance) => ({
    name: allowance.policy.name,
    remaining: allowance.remaining(),
    resetSeconds: allowance.resetSeconds(now),
  }));
  const violated = states.filter(({ remaining }) => remaining === 0);
  const binding = bindingPolicy(states);
  return {
    allowed: violated.length === 0,
    state: binding ? renderState(binding) : '',
    retryAfterSeconds: Math.max(0, ...violated.map(({ resetSeconds }) => resetSeconds)),
    remaining: binding?.remaining ?? Number.POSITIVE_INFINITY,
    violated: violated.map(({ name }) => name),
  };
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)).unref());
}
