import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError, type Principal, principalSchema, UNAUTHENTICATED } from '@gridworks/contracts';
import { parseJson } from './safe-json.ts';

interface Claims {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly expires_at: number;
}

const form = /^([A-Za-z0-9_-]{1,4096})\.([A-Za-z0-9_-]{43})$/;
const mac = (payload: string, key: string): Buffer => createHmac('sha256', key).update(payload).digest();

/**
 * The principal as text that only a holder of the key can write: base64url JSON, a dot, base64url HMAC-SHA256.
 * It says who the gateway verified; it is not a secret and opens nothing from outside of the bus.
 * @param expiresAt epoch milliseconds, from when on it is refused
 */
export function signPrincipal(principal: Principal, signingKey: string, expiresAt: number): string {
  const claims: Claims = { principal, expires_at: expiresAt };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${mac(payload, signingKey).toString('base64url')}`;
}

/** The principal of a token. Throws `PLATFORM.UNAUTHENTICATED` when it is forged, altered or expired. */
export function verifyPrincipal(token: string, signingKey: string, now = Date.now()): Principal {
  return verify(token, signingKey, now).principal;
}

function verify(token: string, signingKey: string, now: number): Claims {
  const [, payload, signature] = form.exec(token) ?? [];
  if (payload === undefined || signature === undefined) throw refused('is malformed');
  if (!timingSafeEqual(mac(payload, signingKey), Buffer.from(signature, 'base64url'))) {
    throw refused('has a wrong signature');
  }
  const claims = parseJson(Buffer.from(payload, 'base64url')) as Claims;
  const principal = principalSchema.safeParse(claims?.principal);
  if (!principal.success || typeof claims.expires_at !== 'number') throw refused('is malformed');
  if (claims.expires_at <= now) throw refused('has expired');
  return { principal: Object.freeze(principal.data), expires_at: claims.expires_at };
}

const refused = (why: string): AppError =>
  new AppError(UNAUTHENTICATED, { detail: `The principal of this request ${why}` });

/** Verifies each token once: a caller's token comes with every call it makes, and hashing costs 5 us. */
export class PrincipalVerifier {
  readonly #signingKey: string;
  readonly #capacity: number;
  readonly #verified = new Map<string, Claims>();

  /** @param capacity tokens remembered; the oldest is forgotten first */
  constructor(signingKey: string, capacity = 5000) {
    this.#signingKey = signingKey;
    this.#capacity = capacity;
  }

  /** As `verifyPrincipal`. The same token gives the same frozen object. */
  verify(token: string, now = Date.now()): Principal {
    let claims = this.#verified.get(token);
    if (!claims) {
      claims = verify(token, this.#signingKey, now);
      if (this.#verified.size >= this.#capacity) {
        const oldest = this.#verified.keys().next().value;
        if (oldest !== undefined) this.#verified.delete(oldest);
      }
      this.#verified.set(token, claims);
    } else if (claims.expires_at <= now) {
      this.#verified.delete(token);
      throw refused('has expired');
    }
    return claims.principal;
  }
}

// Long enough for any call with all it sets off, short enough that a revoked session dies soon.
const lifetimeMs = 5 * 60_000;
const renewBeforeMs = 60_000;

/** Signs each principal object once in four minutes. */
export class PrincipalSigner {
  readonly #signingKey: string;
  readonly #tokens = new WeakMap<Principal, { token: string; expiresAt: number }>();

  constructor(signingKey: string) {
    this.#signingKey = signingKey;
  }

  sign(principal: Principal, now = Date.now()): string {
    const known = this.#tokens.get(principal);
    if (known && known.expiresAt - now > renewBeforeMs) return known.token;
    const expiresAt = now + lifetimeMs;
    const token = signPrincipal(principal, this.#signingKey, expiresAt);
    this.#tokens.set(principal, { token, expiresAt });
    return token;
  }
}
