import { AppError, type KeyLimit } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import type { GuessLimit } from '../credentials/caller-finder.ts';
import { QUOTA_EXCEEDED } from '../problems/gateway.errors.ts';
import type { Policy } from './allowance.ts';
import { type LimitDecision, Quota, type RateLimiter } from './rate-limiter.ts';

export interface LimitNumbers {
  readonly burst: number;
  readonly daily: number;
  readonly addressBurst: number;
  readonly addressDaily: number;
  readonly filesBurst: number;
  readonly filesDaily: number;
}

const REPORTS_A_MINUTE = 20;
const REPORTS_A_DAY = 2000;

/** Something that carries response headers. */
export interface HeaderCarrier {
  header(name: string, value: string): unknown;
}

/** Chooses the quota of a call: that of its key or session, else that of its network address. */
export class CallLimits implements GuessLimit {
  readonly #limiter: RateLimiter;
  readonly #credential: Quota;
  /** The quotas of keys with limits of their own, for as long as the keys are remembered. */
  readonly #own = new WeakMap<readonly KeyLimit[], Quota>();
  readonly #address: Quota;
  /**
   * A separate quota, so that a flood of document requests does not shut out unknown callers of the same
   * address.
   */
  readonly #guess: Quota;
  /** Pages of the console and their files: many for each visitor, and each a prepared buffer. */
  readonly #files: Quota;
  /** Reports of pages: few, so that a page that keeps failing harms no other caller. */
  readonly #report: Quota;
  /** Unknown credentials of an address that are being verified now. */
  readonly #guessing = new Map<string, number>();

  constructor(limiter: RateLimiter, numbers: LimitNumbers) {
    this.#limiter = limiter;
    this.#credential = new Quota('credential', policies(numbers.burst, numbers.daily));
    this.#address = new Quota('address', policies(numbers.addressBurst, numbers.addressDaily));
    this.#guess = new Quota('guess', this.#address.policies);
    this.#files = new Quota('files', policies(numbers.filesBurst, numbers.filesDaily));
    this.#report = new Quota('report', policies(REPORTS_A_MINUTE, REPORTS_A_DAY));
  }

  /** `own`: the limits of a key's own, the same list for as long as they are the same. */
  takeForCredential(
    id: string,
    own: readonly KeyLimit[] | null,
    headers: HeaderCarrier,
  ): void | Promise<void> {
    return this.#take(own ? this.#withOwn(own) : this.#credential, id, headers);
  }

  takeForAddress(address: string, headers: HeaderCarrier): void | Promise<void> {
    return this.#take(this.#address, clientNetwork(address), headers);
  }

  /** Taken in place of `takeForAddress`, so that visitors of one office do not use up each other's calls. */
  takeForFile(address: string, headers: HeaderCarrier): void | Promise<void> {
    return this.#take(this.#files, clientNetwork(address), headers);
  }

  /** Taken in addition to `takeForAddress`. */
  takeForReport(address: string, headers: HeaderCarrier): void | Promise<void> {
    return this.#take(this.#report, clientNetwork(address), headers);
  }

  beginGuess(address: string): void {
    const network = clientNetwork(address);
    const pending = this.#guessing.get(network) ?? 0;
    const decision = this.#limiter.peek(this.#guess, network);
    refuse(decision.allowed && decision.remaining <= pending ? { ...decision, allowed: false } : decision);
    this.#guessing.set(network, pending + 1);
  }

  endGuess(address: string, wasWrong: boolean): void {
    const network = clientNetwork(address);
    const pending = (this.#guessing.get(network) ?? 0) - 1;
    if (pending > 0) this.#guessing.set(network, pending);
    else this.#guessing.delete(network);
    if (wasWrong) void this.#limiter.take(this.#guess, network);
  }

  #withOwn(own: readonly KeyLimit[]): Quota {
    let quota = this.#own.get(own);
    if (!quota) {
      quota = new Quota(this.#credential.scope, lowerPolicies(this.#credential.policies, own));
      this.#own.set(own, quota);
    }
    return quota;
  }

  #take(quota: Quota, id: string, headers: HeaderCarrier): void | Promise<void> {
    headers.header('ratelimit-policy', quota.header);
    const decision = this.#limiter.take(quota, id);
    if (decision instanceof Promise) return decision.then((later) => apply(later, headers));
    apply(decision, headers);
  }
}

function apply(decision: LimitDecision, headers: HeaderCarrier): void {
  headers.header('ratelimit', decision.state);
  refuse(decision);
}

function refuse(decision: LimitDecision): void {
  if (decision.allowed) return;
  throw new AppError(QUOTA_EXCEEDED, {
    detail:
      decision.violated.length > 0
        ? `The quota ${decision.violated.join(' and ')} is used up.`
        : 'Other calls are using what is left of the quota.',
    retryAfterMs: Math.max(1, decision.retryAfterSeconds) * 1000,
    details: { 'violated-policies': decision.violated },
  });
}

/**
 * The policies of every key with a key's own. An own one of the same name takes the place of the other, and never permits
 * more.
 */
function lowerPolicies(general: readonly Policy[], own: readonly KeyLimit[]): Policy[] {
  const given = new Map(own.map((limit) => [limit.name, limit]));
  const lowered = general.map((policy) => {
    const { quota = policy.quota } = given.get(policy.name) ?? {};
    return { ...policy, quota: Math.min(quota, policy.quota) };
  });
  const names = new Set(general.map(({ name }) => name));
  const further = own
    .filter(({ name }) => !names.has(name))
    .map(({ name, quota, window_s: windowSeconds }) => ({ name, quota, windowSeconds }));
  return [...lowered, ...further];
}

function policies(burst: number, daily: number) {
  return [
    { name: 'burst', quota: burst, windowSeconds: 60 },
    { name: 'daily', quota: daily, windowSeconds: 86_400 },
  ];
}
