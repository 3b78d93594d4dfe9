import {
  AppError,
  type accessTokensChanged,
  CREDENTIAL_REFUSED,
  type ErrorDefinition,
  type KeyLimit,
  PARTNER_SUSPENDED,
  type ParsedCredential,
  type PayloadOf,
  type Principal,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { LRUCache } from 'lru-cache';
import { NetworkList } from './network-list.ts';

export interface Verified {
  readonly principal: Principal;
  /** Epoch ms after which the credential is no longer valid, or null. */
  readonly expiresAt: number | null;
  /** The networks from which a key is accepted; missing or empty for everywhere. */
  readonly allowedNetworks?: readonly string[] | undefined;
  /** The limits of a key's own; missing or empty for none. */
  readonly limits?: readonly KeyLimit[] | undefined;
}

/** The remembered principal of a credential. The same object for as long as it is remembered. */
export interface KnownCaller {
  readonly principal: Principal;
  readonly digest: string;
  /** The networks from which a key is accepted; null for everywhere. */
  readonly networks: NetworkList | null;
  /** The limits of a key's own, the same list for as long as the caller is remembered; null for none. */
  readonly limits: readonly KeyLimit[] | null;
}

export interface PrincipalCacheOptions {
  /**
   * Requests the principal from auth. Rejects with `AUTH.CREDENTIAL_REFUSED` when the credential is not valid, with
   * `AUTH.PARTNER_SUSPENDED` when its partner is suspended; any other error means that auth is away.
   */
  readonly verify: (credential: ParsedCredential, deadlineMs: number) => Promise<Verified>;
  readonly now?: () => number;
  readonly capacity?: number;
}

/** What is known of access tokens that changed. */
type ChangedTokens = PayloadOf<typeof accessTokensChanged>;

interface Refusal {
  /** Epoch ms. */
  readonly until: number;
  readonly error: ErrorDefinition;
}

/** The responses of auth that say that a credential is not accepted. */
const REFUSALS: readonly ErrorDefinition[] = [CREDENTIAL_REFUSED, PARTNER_SUSPENDED];

interface Entry extends KnownCaller {
  readonly credential: ParsedCredential;
  readonly expiresAt: number | null;
  readonly verifiedAt: number;
  /** Epoch ms before which auth is not requested again. */
  renewAt: number;
}

/**
 * For this time a response of auth is used without a new request. A revocation arrives as an event, so this
 * time bounds the effect of a lost event.
 */
const FRESH_MS = 30_000;
/** After this time the entry is renewed in the background, so that a busy caller never waits. */
const RENEW_MS = 20_000;
/** For this time known callers are accepted while auth is away. */
const STALE_MS = 600_000;
/** How long a call waits for the renewal of an entry that is no longer fresh. */
const RENEW_WAIT_MS = 250;
const RETRY_MS = 1_000;
const REFUSED_MS = 5_000;
const VERIFY_DEADLINE_MS = 1_000;

/**
 * Remembers the principal of each credential. While auth is away, callers seen in the last ten minutes are
 * accepted and all others are refused. A revoked credential is dropped when the event arrives, or after 30
 * seconds when the event was lost and auth responds.
 */
export class PrincipalCache {
  readonly #entries: LRUCache<string, Entry>;
  /**
   * Refused credentials, apart from the accepted ones, so that junk cannot evict those. Maps the digest to the
   * refusal, and the time after which auth may be requested again.
   */
  readonly #refused: LRUCache<string, Refusal>;
  readonly #pending = new Map<string, Promise<Entry>>();
  /** Credentials that were revoked while a request about them was under way. */
  readonly #dropped = new Set<string>();
  /**
   * Partners that were suspended lately, and applications and persons whose access tokens changed, and when: a response
   * about them may be older.
   */
  readonly #droppedHolders = new LRUCache<string, number>({ max: 1000 });
  readonly #options: Required<PrincipalCacheOptions>;
  #hits = 0;
  #misses = 0;

  constructor(options: PrincipalCacheOptions) {
    this.#options = { now: Date.now, capacity: 20_000, ...options };
    this.#entries = new LRUCache({ max: this.#options.capacity });
    this.#refused = new LRUCache({ max: this.#options.capacity });
  }

  /** Of credentials that are valid: a guess says nothing about the cache. */
  get counts(): { hits: number; misses: number } {
    return { hits: this.#hits, misses: this.#misses };
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether this credential was verified in the last ten minutes: its sender does not guess. */
  remembers(digest: string): boolean {
    const now = this.#options.now();
    const entry = this.#entries.get(digest);
    return entry !== undefined && (isFresh(entry, now) || isStale(entry, now));
  }

  /**
   * Returns the caller, at once when the entry is fresh. Rejects (or throws) with `AUTH.CREDENTIAL_REFUSED`, or
   * with `PLATFORM.UNAVAILABLE` when auth is away and the caller was not verified recently enough.
   */
  find(credential: ParsedCredential): KnownCaller | Promise<KnownCaller> {
    const { digest } = credential;
    const now = this.#options.now();
    const entry = this.#entries.get(digest);
    if (entry && isFresh(entry, now)) {
      this.#hits++;
      if (now - entry.verifiedAt > RENEW_MS && now >= entry.renewAt) this.#renew(entry);
      return entry;
    }
    this.#refuse(digest, now);
    if (entry && isStale(entry, now)) return this.#findStale(entry);
    return this.#fetchPrincipal(credential).then((fetched) => {
      this.#misses++;
      return fetched;
    });
  }

  /** Forgets a credential by its digest, at once. */
  drop(digest: string): void {
    this.#entries.delete(digest);
    if (this.#pending.has(digest)) this.#dropped.add(digest);
  }

  /** Forgets the credential that has this id. */
  dropId(id: string): void {
    for (const [digest, { principal }] of this.#entries) if (principal.id === id) this.drop(digest);
  }

  /** Forgets the sessions of a user, except the spared one. */
  dropSessionsOf(userId: string, spared: string | null): void {
    for (const [digest, { credential, principal }] of this.#entries) {
      if (credential.kind !== 'session' || principal.user_id !== userId || principal.id === spared) continue;
      this.drop(digest);
    }
  }

  /** Forgets all credentials of a partner. */
  dropPartner(partnerId: string): void {
    this.#droppedHolders.set(partnerId, this.#options.now());
    for (const [digest, { principal }] of this.#entries)
      if (principal.partner_id === partnerId) this.drop(digest);
  }

  /**
   * Forgets access tokens: of an application, of a person, of a person through an application, or the one with this digest.
   * Returns the ids of their applications.
   */
  dropAccessTokens({ application_id: application, user_id: user, digest }: ChangedTokens): string[] {
    if (digest !== null) this.drop(digest);
    const holder = application === null || user === null ? (application ?? user) : `${application} ${user}`;
    if (holder === null) return [];
    this.#droppedHolders.set(holder, this.#options.now());
    const dropped = new Set<string>();
    for (const [held, { credential, principal }] of this.#entries) {
      if (credential.kind !== 'access_token' || !holdersOf(principal).includes(holder)) continue;
      this.drop(held);
      dropped.add(principal.id);
    }
    return [...dropped];
  }

  /** Forgets which credentials belong to suspended partners: one of them was resumed. */
  forgetSuspensions(): void {
    for (const [digest, { error }] of this.#refused)
      if (error === PARTNER_SUSPENDED) this.#refused.delete(digest);
  }

  clear(): void {
    this.#entries.clear();
    this.#refused.clear();
  }

  /** Throws the refusal of a credential that auth has refused lately. */
  #refuse(digest: string, now: number): void {
    const refusal = this.#refused.get(digest);
    if (refusal && refusal.until > now) throw new AppError(refusal.error);
  }

  async #findStale(entry: Entry): Promise<KnownCaller> {
    if (this.#options.now() >= entry.renewAt) {
      this.#renew(entry);
      // Waits long enough for a healthy auth to respond. While auth is away only one call a second waits.
      await Promise.race([this.#pending.get(entry.digest)?.catch(() => {}), elapsed(RENEW_WAIT_MS)]);
    }
    const now = this.#options.now();
    this.#refuse(entry.digest, now);
    const current = this.#entries.get(entry.digest);
    if (current && (isFresh(current, now) || isStale(current, now))) return current;
    return this.#fetchPrincipal(entry.credential);
  }

  #renew(entry: Entry): void {
    entry.renewAt = this.#options.now() + RETRY_MS;
    // When the renewal fails the entry becomes stale, and the next call after that waits for a renewal.
    this.#fetchPrincipal(entry.credential).catch(() => {});
  }

  /** Requests the principal from auth, with at most one request at a time for a credential. */
  #fetchPrincipal(credential: ParsedCredential): Promise<Entry> {
    const { digest } = credential;
    let pending = this.#pending.get(digest);
    if (!pending) {
      pending = this.#verify(credential).finally(() => {
        this.#pending.delete(digest);
        this.#dropped.delete(digest);
      });
      this.#pending.set(digest, pending);
    }
    return pending;
  }

  async #verify(credential: ParsedCredential): Promise<Entry> {
    const { digest } = credential;
    const begunAt = this.#options.now();
    try {
      const { principal, expiresAt, allowedNetworks, limits } = await this.#options.verify(
        credential,
        VERIFY_DEADLINE_MS,
      );
      const now = this.#options.now();
      if (expiresAt !== null && expiresAt <= now) throw new AppError(CREDENTIAL_REFUSED);
      // The response may be older than the revocation.
      const holders = [
        principal.partner_id,
        ...(credential.kind === 'access_token' ? holdersOf(principal) : []),
      ];
      const droppedAt = Math.max(...holders.map((holder) => this.#droppedHolders.get(holder ?? '') ?? -1));
      if (this.#dropped.has(digest) || droppedAt >= begunAt)
        throw new AppError(UNAVAILABLE, { retryAfterMs: RETRY_MS });
      const entry = {
        principal,
        digest,
        networks: allowedNetworks?.length ? new NetworkList(allowedNetworks) : null,
        limits: limits?.length ? limits : null,
        credential,
        expiresAt,
        verifiedAt: now,
        renewAt: 0,
      };
      this.#entries.set(digest, entry);
      return entry;
    } catch (error) {
      const refused = REFUSALS.find(({ code }) => error instanceof AppError && error.code === code);
      if (refused) {
        this.#entries.delete(digest);
        this.#refused.set(digest, { until: this.#options.now() + REFUSED_MS, error: refused });
      }
      throw error;
    }
  }
}

/** The names under which the access tokens of a principal are forgotten. */
const holdersOf = ({ id, user_id }: Principal): string[] =>
  user_id === null ? [id] : [id, user_id, `${id} ${user_id}`];

function isFresh(entry: Entry | undefined, now: number): boolean {
  return entry !== undefined && now - entry.verifiedAt < FRESH_MS && !isOver(entry, now);
}

function isStale(entry: Entry, now: number): boolean {
  return now - entry.verifiedAt < STALE_MS && !isOver(entry, now);
}

function isOver(entry: Entry, now: number): boolean {
  return entry.expiresAt !== null && entry.expiresAt <= now;
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
