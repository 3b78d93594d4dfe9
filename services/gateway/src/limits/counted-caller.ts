import { randomBytes } from 'node:crypto';
import { Allowance, type LeaseRequest, type Policy } from './allowance.ts';
import type { Quota } from './quota.ts';
import type { PolicyState } from './rate-limit-headers.ts';

interface Counted {
  readonly key: string;
  /** Names this memory of calls in the shared count. */
  readonly holder: string;
  readonly allowance: Allowance;
}

export interface Lease extends Counted {
  readonly request: LeaseRequest;
}

const PROCESS = randomBytes(6).toString('base64url');
let holders = 0;

/** A caller with the allowances of its quota, as one gateway knows them. */
export class CountedCaller {
  /** The lease request under way: the same for the caller under every quota, since they share allowances. */
  readonly lease: { underWay: Promise<void> | null };
  readonly #counted: readonly Counted[];

  /**
   * @param before what is known of the caller under another quota: the counts of policies that stay go on, also when the number of
   * permitted calls is another one
   */
  constructor(
    name: string,
    readonly quota: Quota,
    before: CountedCaller | undefined,
  ) {
    this.lease = before?.lease ?? { underWay: null };
    this.#counted = quota.policies.map((policy) => {
      const known = (before ? before.#counted : []).find(({ allowance }) =>
        isSameCount(allowance.policy, policy),
      );
      if (known) known.allowance.policy = policy;
      holders += 1;
      const key = `limit:${policy.name}:${policy.windowSeconds}:${name}`;
      return known ?? { key, holder: `${PROCESS}.${holders}`, allowance: new Allowance(policy) };
    });
  }

  /** Moves to `now` (epoch ms). Call this before any other method. */
  enter(now: number): void {
    for (const { allowance } of this.#counted) allowance.enter(now);
  }

  /** Whether a call can be decided without a lease. */
  isReady(): boolean {
    for (const { allowance } of this.#counted)
      if (allowance.available === 0 && !allowance.isExhausted()) return false;
    return true;
  }

  mayTake(): boolean {
    for (const { allowance } of this.#counted) if (allowance.available === 0) return false;
    return true;
  }

  /** Takes one call. The caller has asked `mayTake`. */
  take(): void {
    for (const { allowance } of this.#counted) allowance.take();
  }

  isLow(): boolean {
    for (const { allowance } of this.#counted) if (allowance.isLow()) return true;
    return false;
  }

  mayAskAgain(now: number): boolean {
    for (const { allowance } of this.#counted)
      if (allowance.isExhausted() && allowance.mayAskAgain(now)) return true;
    return false;
  }

  grantAlone(gateways: number): void {
    for (const { allowance } of this.#counted) if (allowance.available === 0) allowance.grantAlone(gateways);
  }

  /** The requests for what runs short. */
  toLease(now: number): Lease[] {
    this.enter(now);
    return this.#counted
      .filter(({ allowance }) => allowance.available === 0 || allowance.isLow())
      .map((counted) => ({ ...counted, request: counted.allowance.nextLease(now) }));
  }

  states(now: number): PolicyState[] {
    return this.#counted.map(({ allowance }) => ({
      name: allowance.policy.name,
      remaining: allowance.remaining(),
      resetSeconds: allowance.resetSeconds(now),
    }));
  }
}

const isSameCount = (a: Policy, b: Policy): boolean =>
  a.name === b.name && a.windowSeconds === b.windowSeconds;
