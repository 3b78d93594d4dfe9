import { LRUCache } from 'lru-cache';
import { Allowance, type Policy } from './allowance.ts';
import { bindingPolicy, type PolicyState, renderPolicies, renderState } from './rate-limit-headers.ts';

/** The count that all gateways share. */
export interface SharedCount {
  /** The count after the increment; null when it cannot be had, so that each gateway counts alone. */
  add(key: string, increment: number, ttlSeconds: number): Promise<number | null>;
  /** Resolves when it counts, rejects while it does not. */
  check(): Promise<void>;
}

export interface LimitDecision {
  readonly allowed: boolean;
  /** The header `RateLimit`. */
  readonly state: string;
  readonly retryAfterSeconds: number;
  /** Calls left under the policy that has the fewest. */
  readonly remaining: number;
  /** Names of the policies whose quota is used up. */
  readonly violated: readonly string[];
}

/** Who is counted, and by which policies. */
export class Quota {
  /** The header `RateLimit-Policy`. */
  readonly header: string;
  constructor(
    /** Stands in the key of the count: `key`, `session`, `address`. */
    readonly scope: string,
    readonly policies: readonly Policy[],
  ) {
    this.header = renderPolicies(policies);
  }
}

export interface RateLimiterOptions {
  readonly count: SharedCount;
  /** Told a sentence when the shared count goes away, and null when it is back. */
  readonly onDegraded?: (text: string | null) => void;
  readonly now?: () => number;
  /** How long a call waits for a lease at most, in ms; then this gateway counts by itself. */
  readonly waitMs?: number;
  /** How often a count that is away is asked again, in ms. */
  readonly retryMs?: number;
  /** How many callers are remembered at most: those that called last. The shared count knows what the others took. */
  readonly capacity?: number;
}

interface Caller {
  readonly name: string;
  readonly allowances: readonly Allowance[];
  leasing: Promise<void> | null;
}

/**
 * Counts calls against quotas. A call is counted within this gateway and only now and then asks the shared count,
 * ahead of need and in the background. While the shared count is away each gateway counts alone, says so, and
 * tells the count afterwards.
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

  /** Takes one call. Answers at once when a lease is at hand, which it nearly always is. */
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

  /** What the next call would be told, without taking it. */
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

  /** One question at a time for a caller. Never rejects. */
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
          // Nothing stood in for it, such as for an error that nobody knows.
          this.#watchCount();
        }
      }),
    );
  }

  /** Counts alone from now on, until the shared count answers again. */
  #watchCount(): void {
    if (this.#watch) return;
    this.#options.onDegraded('rate limits are counted by each gateway alone');
    const poll = async () => {
      try {
        await this.#options.count.check();
        this.close();
        this.#options.onDegraded(null);
      } catch {
        // Still away: looked at again by the next tick.
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
    if (!caller) {
      caller = { name, allowances: quota.policies.map((policy) => new Allowance(policy)), leasing: null };
      for (const allowance of caller.allowances) allowance.enter(now);
      this.#callers.set(name, caller);
    }
    return caller;
  }
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
