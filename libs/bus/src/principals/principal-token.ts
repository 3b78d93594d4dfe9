import { type KeyObject, randomUUID, sign, verify } from 'node:crypto';
import { AppError, type Principal, principalSchema, UNAUTHENTICATED } from '@gridworks/contracts';
import { LRUCache } from 'lru-cache';
import { parseJson } from '../wire/safe-json.ts';
import { privateKeyOf, readPublicKey } from './principal-keys.ts';

interface Claims {
  readonly principal: Principal;
  /** The subject of the request that the token is for. */
  readonly audience: string;
  /** The signer that made the token: a process of the gateway, from its start to its end. */
  readonly issuer: string;
  /** Milliseconds by the clock of the issuer, a clock that never steps. */
  readonly issued_at: number;
}

/** A token older than this is refused, by its issuer's own clock. */
export const TOKEN_LIFETIME_MS = 30_000;
/** A token older than this is not sent any more. */
const RENEW_AFTER_MS = 15_000;
/** How far the clock of an unknown issuer may differ from this process's clock. */
export const CLOCK_LEEWAY_MS = 15 * 60_000;
const MOST_ISSUERS = 100;
const FORM = /^([A-Za-z0-9_-]{1,4096})\.([A-Za-z0-9_-]{86})$/;
const ISSUER_FORM = /^[\w-]{1,64}$/;

const refused = (why: string): AppError =>
  new AppError(UNAUTHENTICATED, { detail: `The principal of this request ${why}` });
const monotonic = (): number => performance.timeOrigin + performance.now();

/**
 * Signs principals, each for one request: base64url JSON, a dot, base64url Ed25519. Only the gateway has the
 * key. A token says whom the gateway verified; it is not a secret and grants no access from outside of the
 * bus.
 */
export class PrincipalSigner {
  readonly #key: KeyObject;
  readonly #issuer = randomUUID();
  readonly #now: () => number;
  readonly #tokens = new WeakMap<Principal, Map<string, { token: string; issuedAt: number }>>();

  /** @param now milliseconds of a clock that never steps */
  constructor(signingKey: string, now: () => number = monotonic) {
    this.#key = privateKeyOf(signingKey);
    this.#now = now;
  }

  /** A token for requests to `audience`. The same principal object and audience give the same token for 15 seconds. */
  sign(principal: Principal, audience: string): string {
    let known = this.#tokens.get(principal);
    if (!known) {
      known = new Map();
      this.#tokens.set(principal, known);
    }
    const now = this.#now();
    const found = known.get(audience);
    if (found && now - found.issuedAt < RENEW_AFTER_MS) return found.token;
    const claims: Claims = { principal, audience, issuer: this.#issuer, issued_at: now };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const token = `${payload}.${sign(null, Buffer.from(payload), this.#key).toString('base64url')}`;
    known.set(audience, { token, issuedAt: now });
    return token;
  }
}

/**
 * Verifies tokens. Each token is verified once: a caller's token comes with every call it makes, and Ed25519
 * takes 0.1 ms.
 *
 * The age of a token is measured by the clock of its issuer, which is learned from the newest token of that
 * issuer. So the clock of this machine does not matter. Only the first token of an issuer is compared with
 * this machine's clock, with 15 minutes of leeway.
 */
export class PrincipalVerifier {
  readonly #key: KeyObject;
  readonly #clock: { wall: () => number; monotonic: () => number };
  readonly #verified: LRUCache<string, Claims>;
  /** The difference between each issuer's clock and the monotonic clock of this process. */
  readonly #ahead = new LRUCache<string, number>({ max: MOST_ISSUERS });

  /** @param capacity the number of tokens remembered; the least recently used is forgotten first */
  constructor(publicKey: string, capacity = 5000, clock = { wall: Date.now, monotonic }) {
    this.#key = readPublicKey(publicKey);
    this.#verified = new LRUCache({ max: capacity });
    this.#clock = clock;
  }

  /**
   * The principal of a token for this audience; the same token gives the same frozen object. Throws
   * `PLATFORM.UNAUTHENTICATED` when the token is forged, altered, too old or for another request.
   */
  verify(token: string, audience: string): Principal {
    let claims = this.#verified.get(token);
    if (!claims) {
      claims = this.#read(token);
      this.#learnClock(claims);
      this.#verified.set(token, claims);
    }
    if (claims.audience !== audience) throw refused('is for another request');
    const age = this.#clock.monotonic() + (this.#ahead.get(claims.issuer) ?? Number.NaN) - claims.issued_at;
    if (!(age <= TOKEN_LIFETIME_MS)) throw refused('has expired');
    return claims.principal;
  }

  #read(token: string): Claims {
    const [, payload, signature] = FORM.exec(token) ?? [];
    if (payload === undefined || signature === undefined) throw refused('is malformed');
    if (!verify(null, Buffer.from(payload), this.#key, Buffer.from(signature, 'base64url')))
      throw refused('has a wrong signature');
    const claims = parseJson(Buffer.from(payload, 'base64url')) as Claims;
    const principal = principalSchema.safeParse(claims?.principal);
    const isClaims = typeof claims?.audience === 'string' && ISSUER_FORM.test(String(claims.issuer));
    if (!principal.success || !isClaims || !Number.isFinite(claims.issued_at)) throw refused('is malformed');
    return { ...claims, principal: Object.freeze(principal.data) };
  }

  #learnClock({ issuer, issued_at }: Claims): void {
    const known = this.#ahead.get(issuer);
    if (known === undefined && Math.abs(this.#clock.wall() - issued_at) > CLOCK_LEEWAY_MS)
      throw refused('was signed at an impossible time: the clocks differ by more than 15 minutes');
    const ahead = issued_at - this.#clock.monotonic();
    if (known === undefined || ahead > known) this.#ahead.set(issuer, ahead);
  }
}
