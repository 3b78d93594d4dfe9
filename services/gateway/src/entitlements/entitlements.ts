import type { CallAllowance, Entitlements, LIMIT_NAMES } from '@gridworks/contracts';
import { LRUCache } from 'lru-cache';

/** Calls that a partner may make, over all its keys, applications and sessions. */
export type PartnerLimits = Readonly<Record<(typeof LIMIT_NAMES)[number], number>>;

export interface EntitlementsOptions {
  /**
   * Requests what a partner may do from billing. `usedUp`: the generation of an allowance that is used up. Rejects while billing is away.
   */
  readonly request: (partnerId: string, usedUp: string | null) => Promise<Entitlements>;
  /** Keeps a copy for gateways that start while billing is away. */
  readonly keep: (partnerId: string, entitlements: Entitlements) => void;
  /** The copy that some gateway kept; null when there is none. */
  readonly recall: (partnerId: string) => Promise<Entitlements | null>;
  /** No partner gets more than the platform permits. */
  readonly atMost: PartnerLimits;
  readonly now?: () => number;
  readonly capacity?: number;
}

interface Entry {
  /** Null while they are not known. */
  entitlements: Entitlements | null;
  limits: PartnerLimits;
  /** Null without a bound. */
  budget: Budget | null;
  /** Epoch ms at which `limits` are computed anew, since an override expires. */
  limitsUntil: number;
  /** Epoch ms. */
  fetchedAt: number;
  /** Epoch ms before which billing is not asked again. */
  askAt: number;
  fetching: Promise<void> | null;
  /** Counted up by each change: a response to an older request is not believed. */
  changes: number;
  /** The generation of an allowance that is used up, until billing was told. */
  usedUp: string | null;
  /** Epoch ms before which billing is not told that an allowance is used up. */
  tellAt: number;
  /** What takes the place of the allowance when its month has ended. */
  nextBudget: Budget | null;
}

/** Metered calls that all gateways may let through together. */
export interface Budget {
  /** Calls of the same generation are counted together. */
  readonly generation: string;
  readonly calls: number;
  /** Epoch ms. */
  readonly endsAt: number;
}

/** For partners that nothing is known of, while billing is away: those of the plan `free`. */
const UNKNOWN: PartnerLimits = { burst: 60, daily: 1000 };
/** For this time a response of billing is not asked for again; it bounds the effect of a lost event. */
const FRESH_MS = 20_000;
const RETRY_MS = 500;
/** How often billing is told that an allowance is used up. */
const TELL_MS = 5_000;
/** How long billing is waited for before the kept copy is used, and how long the first call of a partner waits for either. */
const RECALL_AFTER_MS = 150;
const FIRST_WAIT_MS = 250;

/**
 * What partners may do, as far as this gateway needs it. What billing said last stays in force while billing is away; a change is asked
 * for when its event arrives. An override ends at its moment, without a request.
 */
export class PartnerEntitlements {
  readonly #entries: LRUCache<string, Entry>;
  readonly #options: Required<EntitlementsOptions>;

  constructor(options: EntitlementsOptions) {
    this.#options = { now: Date.now, capacity: 50_000, ...options };
    this.#entries = new LRUCache({ max: this.#options.capacity });
  }

  /** The limits of a partner, from memory. The same object for as long as they are the same. */
  limitsOf(partnerId: string): PartnerLimits {
    const entry = this.#entryOf(partnerId);
    const now = this.#options.now();
    if (now >= entry.limitsUntil) this.#compute(entry, now);
    if (!entry.entitlements) this.#renew(partnerId, entry, now);
    return entry.limits;
  }

  /**
   * The metered calls that the programs of a partner may make, from memory; null without a bound. When the month has ended, what the next
   * one may have is in force until billing has said more.
   */
  budgetOf(partnerId: string): Budget | null {
    const entry = this.#entries.get(partnerId);
    const budget = entry?.budget ?? null;
    if (!entry || budget === null) return null;
    const now = this.#options.now();
    if (now < budget.endsAt) return budget;
    if (entry.fetchedAt < budget.endsAt) this.#renew(partnerId, entry, now);
    return entry.nextBudget;
  }

  /** An allowance is used up: billing gives another one where calls were leased that nobody made. */
  usedUp(partnerId: string, generation: string): void {
    const entry = this.#entries.get(partnerId);
    const now = this.#options.now();
    // While billing may not be asked yet, the next refused call tells it.
    if (!entry || entry.fetching || now < entry.tellAt || now < entry.askAt) return;
    entry.tellAt = now + TELL_MS;
    entry.usedUp = generation;
    this.#renew(partnerId, entry, now);
  }

  /** Asks billing when that was not done lately. The first call of a partner waits for it, for a short time. Never rejects. */
  async learn(partnerId: string): Promise<void> {
    const entry = this.#entryOf(partnerId);
    const now = this.#options.now();
    if (now - entry.fetchedAt >= FRESH_MS) this.#renew(partnerId, entry, now);
    if (!entry.entitlements && entry.fetching) await Promise.race([entry.fetching, elapsed(FIRST_WAIT_MS)]);
  }

  /** Something changed: asks billing again until it responds. A partner that is not known here is left out. */
  changed(partnerId: string): void {
    const entry = this.#entries.get(partnerId);
    if (!entry) return;
    entry.changes += 1;
    entry.fetching = null;
    this.#fetchUntilKnown(partnerId, entry, entry.changes);
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  #entryOf(partnerId: string): Entry {
    let entry = this.#entries.get(partnerId);
    if (!entry) {
      const [never, always] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      entry = {
        ...{ entitlements: null, limits: this.#bounded(UNKNOWN), limitsUntil: always },
        ...{ fetchedAt: never, askAt: never, fetching: null, changes: 0 },
        ...{ usedUp: null, tellAt: never, budget: null, nextBudget: null },
      };
      this.#entries.set(partnerId, entry);
    }
    return entry;
  }

  #renew(partnerId: string, entry: Entry, now: number): void {
    if (entry.fetching || now < entry.askAt) return;
    entry.askAt = now + RETRY_MS;
    const fetching = this.#fetch(partnerId, entry).finally(() => {
      if (entry.fetching === fetching) entry.fetching = null;
    });
    entry.fetching = fetching;
  }

  async #fetch(partnerId: string, entry: Entry): Promise<void> {
    const { changes } = entry;
    const asked = this.#options.request(partnerId, entry.usedUp);
    entry.usedUp = null;
    if (!entry.entitlements) await this.#recallUnless(asked, partnerId, entry);
    try {
      const entitlements = await asked;
      if (entry.changes !== changes) return;
      entry.fetchedAt = this.#options.now();
      this.#know(entry, entitlements);
      this.#options.keep(partnerId, entitlements);
    } catch {
      // What is known stays in force; the next call asks again.
    }
  }

  /** Takes over the kept copy unless billing responds soon. */
  async #recallUnless(asked: Promise<Entitlements>, partnerId: string, entry: Entry): Promise<void> {
    const responded = asked.then(
      () => true,
      () => false,
    );
    if (await Promise.race([responded, elapsed(RECALL_AFTER_MS)])) return;
    const kept = await this.#options.recall(partnerId).catch(() => null);
    if (kept && !entry.entitlements) this.#know(entry, kept);
  }

  async #fetchUntilKnown(partnerId: string, entry: Entry, changes: number): Promise<void> {
    const begun = this.#options.now();
    while (entry.changes === changes && this.#entries.peek(partnerId) === entry) {
      await this.#fetch(partnerId, entry);
      if (entry.fetchedAt >= begun) return;
      await elapsed(RETRY_MS);
    }
  }

  #know(entry: Entry, entitlements: Entitlements): void {
    entry.entitlements = entitlements;
    [entry.budget, entry.nextBudget] = budgetsOf(entitlements.budget ?? null);
    this.#compute(entry, this.#options.now());
  }

  #compute(entry: Entry, now: number): void {
    if (!entry.entitlements) return;
    const { limits, overrides } = entry.entitlements;
    const found = { burst: limits.burst_per_minute, daily: limits.daily };
    let until = Number.POSITIVE_INFINITY;
    for (const { name, quota, expires_at } of overrides) {
      const ends = expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at);
      if (ends <= now) continue;
      found[name] = quota;
      until = Math.min(until, ends);
    }
    entry.limitsUntil = until;
    const bounded = this.#bounded(found);
    if (bounded.burst !== entry.limits.burst || bounded.daily !== entry.limits.daily) entry.limits = bounded;
  }

  #bounded({ burst, daily }: PartnerLimits): PartnerLimits {
    const { atMost } = this.#options;
    return { burst: Math.min(burst, atMost.burst), daily: Math.min(daily, atMost.daily) };
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** The allowance of this month, and that of the next one: it has no end, since billing says more before. */
function budgetsOf(given: CallAllowance | null): [now: Budget | null, next: Budget | null] {
  if (given === null) return [null, null];
  const { generation, calls, ends_at, next_calls } = given;
  const next =
    next_calls === null
      ? null
      : { generation: `${generation}.next`, calls: next_calls, endsAt: Number.POSITIVE_INFINITY };
  return [{ generation, calls, endsAt: Date.parse(ends_at) }, next];
}
