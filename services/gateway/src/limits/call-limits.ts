import { AppError, type KeyLimit } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import type { GuessLimit } from '../credentials/caller-finder.ts';
import type { KnownCaller } from '../credentials/principal-cache.ts';
import type { PartnerLimits } from '../entitlements/entitlements.ts';
import { QUOTA_EXCEEDED } from '../problems/gateway.errors.ts';
import type { Policy } from './allowance.ts';
import { Quota } from './quota.ts';
import { renderPolicies } from './rate-limit-headers.ts';
import type { LimitDecision, RateLimiter } from './rate-limiter.ts';

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

/** The quota of a key's own limits, and what the headers say of it and that of its partner. */
interface OwnQuota {
  readonly base: Quota;
  readonly quota: Quota;
  readonly header: string;
}

/**
 * Chooses the quota of a call: that of its partner, which all keys, applications and sessions of the partner share, and that of a key's
 * own limits on top; that of the credential for people without a partner; else that of its network address.
 */
export class CallLimits implements GuessLimit {
  readonly #limiter: RateLimiter;
  readonly #limitsOf: (partnerId: string) => PartnerLimits;
  readonly #credential: Quota;
  /** One quota for all partners with the same limits, for as long as they have them. */
  readonly #partner = new WeakMap<PartnerLimits, Quota>();
  /** The quotas of keys with limits of their own, for as long as the keys are remembered. */
  readonly #own = new WeakMap<readonly KeyLimit[], OwnQuota>();
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

  constructor(limiter: RateLimiter, numbers: LimitNumbers, limitsOf: (partnerId: string) => PartnerLimits) {
    this.#limiter = limiter;
    this.#limitsOf = limitsOf;
    this.#credential = new Quota('credential', policies(numbers.burst, numbers.daily));
    this.#address = new Quota('address', policies(numbers.addressBurst, numbers.addressDaily));
    this.#guess = new Quota('guess', this.#address.policies);
    this.#files = new Quota('files', policies(numbers.filesBurst, numbers.filesDaily));
    this.#report = new Quota('report', policies(REPORTS_A_MINUTE, REPORTS_A_DAY));
  }

  takeForCaller(
    { principal, limits }: Pick<KnownCaller, 'principal' | 'limits'>,
    headers: HeaderCarrier,
  ): void | Promise<void> {
    const { id, partner_id: partnerId } = principal;
    const quota = partnerId === null ? this.#credential : this.#quotaOf(partnerId);
    const counted = partnerId ?? id;
    if (limits === null) return this.#take(quota, counted, headers);
    const own = this.#withOwn(limits, quota);
    headers.header('ratelimit-policy', own.header);
    return settle(this.#limiter.take(quota, counted, own.quota, id), headers);
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

  #quotaOf(partnerId: string): Quota {
    const limits = this.#limitsOf(partnerId);
    let quota = this.#partner.get(limits);
    if (!quota) {
      quota = new Quota('partner', policies(limits.burst, limits.daily));
      this.#partner.set(limits, quota);
    }
    return quota;
  }

  #withOwn(limits: readonly KeyLimit[], base: Quota): OwnQuota {
    let own = this.#own.get(limits);
    if (own?.base !== base) {
      const quota = new Quota('key', ownPolicies(base.policies, limits));
      own = { base, quota, header: renderPolicies(shownPolicies(base.policies, quota.policies)) };
      this.#own.set(limits, own);
    }
    return own;
  }

  #take(quota: Quota, id: string, headers: HeaderCarrier): void | Promise<void> {
    headers.header('ratelimit-policy', quota.header);
    return settle(this.#limiter.take(quota, id), headers);
  }
}

function settle(
  decision: LimitDecision | Promise<LimitDecision>,
  headers: HeaderCarrier,
): void | Promise<void> {
  if (decision instanceof Promise) return decision.then((later) => apply(later, headers));
  apply(decision, headers);
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

/** The policies of a key's own, counted for the key alone. One with the name of a policy of the partner never permits more. */
function ownPolicies(general: readonly Policy[], own: readonly KeyLimit[]): Policy[] {
  const quotas = new Map(general.map(({ name, quota }) => [name, quota]));
  return own.map(({ name, quota, window_s: windowSeconds }) => ({
    ...{ name, windowSeconds },
    quota: Math.min(quota, quotas.get(name) ?? quota),
  }));
}

/** What the headers name: of two policies with one name the lower one, which is the key's own. */
function shownPolicies(general: readonly Policy[], own: readonly Policy[]): Policy[] {
  const names = new Set(general.map(({ name }) => name));
  const shown = general.map((policy) => own.find(({ name }) => name === policy.name) ?? policy);
  return [...shown, ...own.filter(({ name }) => !names.has(name))];
}

function policies(burst: number, daily: number) {
  return [
    { name: 'burst', quota: burst, windowSeconds: 60 },
    { name: 'daily', quota: daily, windowSeconds: 86_400 },
  ];
}
