import { LRUCache } from 'lru-cache';
import type { LeaseRequest, LeaseResponse } from './allowance.ts';
import { CountedCaller } from './counted-caller.ts';
import type { Quota } from './quota.ts';
import { bindingPolicy, renderState } from './rate-limit-headers.ts';

/** The count that all gateways share. */
export interface SharedCount {
  /**
   * Leases calls to a holder. Returns null when the count is away, so that each gateway counts alone.
   * @param key the caller and the policy
   * @param holder who tells its calls and gets the lease: another one for each memory of calls
   */
  lease(key: string, holder: string, request: LeaseRequest): Promise<LeaseResponse | null>;
  /** Says that a gateway is there, and returns how many are; null when the count is away. */
  present(gateway: string): Promise<number | null>;
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

export interface RateLimiterOptions {
  readonly count: SharedCount;
  /** The name of this gateway among the others. */
  readonly gateway?: string;
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

/** How often a gateway says that it is there, in ms. */
const PRESENT_EVERY_MS = 5000;

/**
 * Counts calls against quotas. Calls are counted within this gateway; leases are requested from the shared
 * count rarely, ahead of need and in the background. While the shared count is away each gateway counts alone, within its share of the
 * quota, reports that, and tells its calls to the count afterwards.
 */
export class RateLimiter {
  readonly #callers: LRUCache<string, CountedCaller>;
  readonly #options: Required<RateLimiterOptions>;
  /** Runs while the shared count is away. */
  #watch: NodeJS.Timeout | undefined;
  readonly #presence: NodeJS.Timeout;
  /** How many gateways there are, as far as is known. */
  #gateways = 1;

  constructor(options: RateLimiterOptions) {
    this.#options = {
      onDegraded: () => {},
      gateway: 'gateway',
      now: Date.now,
      waitMs: 100,
      retryMs: 1000,
      capacity: 50_000,
      ...options,
    };
    this.#callers = new LRUCache({ max: this.#options.capacity });
    const say = () => void this.#sayPresent();
    say();
    this.#presence = setInterval(say, PRESENT_EVERY_MS).unref();
  }

  /**
   * Takes one call, of a caller and, where given, of a second one that it is counted for, too: of both or of neither. Returns without a
   * promise when leases are held, which is nearly always the case.
   */
  take(quota: Quota, id: string, own?: Quota, ownId = ''): LimitDecision | Promise<LimitDecision> {
    const now = this.#options.now();
    const caller = this.#callerOf(quota, id, now);
    const second = own && this.#callerOf(own, ownId, now);
    if (!caller.isReady() || second?.isReady() === false) return this.#takeAfterLease(caller, second);
    const decision = decide(caller, second, now);
    if (!this.#watch) {
      this.#leaseAhead(caller, decision, now);
      if (second) this.#leaseAhead(second, decision, now);
    }
    return decision;
  }

  /** The decision for the next call, without taking the call. */
  peek(quota: Quota, id: string): LimitDecision {
    const now = this.#options.now();
    return describe(this.#callerOf(quota, id, now), undefined, now);
  }

  /** Stops the timers. */
  close(): void {
    clearInterval(this.#presence);
    this.#endWatch();
  }

  #leaseAhead(caller: CountedCaller, { allowed }: LimitDecision, now: number): void {
    if (caller.lease.underWay === null && (allowed ? caller.isLow() : caller.mayAskAgain(now)))
      void this.#lease(caller);
  }

  async #takeAfterLease(caller: CountedCaller, second: CountedCaller | undefined): Promise<LimitDecision> {
    const callers = second ? [caller, second] : [caller];
    const deadline = this.#options.now() + (caller.quota.waitMs ?? this.#options.waitMs);
    for (;;) {
      const now = this.#options.now();
      for (const one of callers) one.enter(now);
      const short = callers.filter((one) => !one.isReady());
      if (short.length === 0) return decide(caller, second, now);
      if (this.#watch || now >= deadline) {
        for (const one of short) one.grantAlone(this.#gateways);
        return decide(caller, second, now);
      }
      await Promise.race([Promise.all(short.map((one) => this.#lease(one))), elapsed(deadline - now)]);
    }
  }

  /** Requests a lease, at most one request at a time for a caller. Never rejects. */
  #lease(caller: CountedCaller): Promise<void> {
    const { lease } = caller;
    lease.underWay ??= this.#takeLease(caller).finally(() => {
      lease.underWay = null;
    });
    return lease.underWay;
  }

  async #takeLease(caller: CountedCaller): Promise<void> {
    await Promise.all(
      caller.toLease(this.#options.now()).map(async ({ key, holder, allowance, request }) => {
        try {
          const response = await this.#options.count.lease(key, holder, request);
          if (response === null) this.#watchCount();
          else {
            allowance.enter(this.#options.now());
            allowance.granted(request, response);
          }
        } catch {
          // The call site had no fallback value, as for an unknown error.
          this.#watchCount();
        }
      }),
    );
  }

  async #sayPresent(): Promise<void> {
    if (this.#watch) return;
    const gateways = await this.#options.count.present(this.#options.gateway).catch(() => null);
    if (gateways !== null) this.#gateways = Math.max(1, gateways);
  }

  /** Counts alone from now on, until the shared count works again. */
  #watchCount(): void {
    if (this.#watch) return;
    this.#options.onDegraded('rate limits are counted by each gateway alone');
    const poll = async () => {
      try {
        await this.#options.count.check();
        this.#endWatch();
        this.#options.onDegraded(null);
      } catch {
        // Still away: the next tick checks again.
      }
    };
    this.#watch = setInterval(poll, this.#options.retryMs).unref();
  }

  #endWatch(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  #callerOf(quota: Quota, id: string, now: number): CountedCaller {
    const name = `${quota.scope}:${id}`;
    let caller = this.#callers.get(name);
    if (caller?.quota !== quota) {
      caller = new CountedCaller(name, quota, caller);
      this.#callers.set(name, caller);
    }
    caller.enter(now);
    return caller;
  }
}

function decide(caller: CountedCaller, second: CountedCaller | undefined, now: number): LimitDecision {
  const allowed = caller.mayTake() && second?.mayTake() !== false;
  if (allowed) {
    caller.take();
    second?.take();
  }
  const decision = describe(caller, second, now);
  return allowed ? { ...decision, allowed: true, violated: [] } : { ...decision, allowed: false };
}

function describe(caller: CountedCaller, second: CountedCaller | undefined, now: number): LimitDecision {
  const states = second ? [...caller.states(now), ...second.states(now)] : caller.states(now);
  const violated = states.filter(({ remaining }) => remaining === 0);
  const binding = bindingPolicy(states);
  return {
    allowed: violated.length === 0,
    state: binding ? renderState(binding) : '',
    retryAfterSeconds: Math.max(0, ...violated.map(({ resetSeconds }) => resetSeconds)),
    remaining: binding?.remaining ?? Number.POSITIVE_INFINITY,
    violated: [...new Set(violated.map(({ name }) => name))],
  };
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)).unref());
}
