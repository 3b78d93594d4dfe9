import { generateKeyPairSync, hash, type JsonWebKey } from 'node:crypto';

/** A row of `signing_keys`. */
export interface SigningKey {
  readonly kid: string;
  readonly public_jwk: JsonWebKey;
  /** The private half, sealed with the `kid` as its owner. */
  readonly private_key: string;
  readonly created_at: Date;
  /** From when on it signs; it is published from `created_at` on. */
  readonly activates_at: Date;
  /** When its last token has ended, and it is published no longer. Null for the newest key. */
  readonly retires_at: Date | null;
}

/** How long an access token and an ID token are valid, in seconds. */
export const ACCESS_TOKEN_LIFETIME_S = 600;
/** How long a key stays published after its last token, for clocks that differ, in milliseconds. */
const RETIRE_MARGIN_MS = 60_000;

/** A new Ed25519 key; its `kid` is the thumbprint of the public half (RFC 7638). */
export function makeKeyPair(): { kid: string; publicJwk: JsonWebKey; privateJwk: JsonWebKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { crv, kty, x } = publicKey.export({ format: 'jwk' });
  const kid = hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url');
  const facts = { kid, alg: 'EdDSA', use: 'sig' };
  return {
    kid,
    publicJwk: { kty, crv, x, ...facts } as JsonWebKey,
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...facts },
  };
}

/** When a key may leave the JWKS, if the next one signs from this moment on. */
export function retirementAfter(nextActivatesAt: Date): Date {
  return new Date(nextActivatesAt.getTime() + ACCESS_TOKEN_LIFETIME_S * 1000 + RETIRE_MARGIN_MS);
}

/** The key that signs at a moment: the newest that is active, else the oldest. Throws when there is none. */
export function activeKeyOf<K extends Pick<SigningKey, 'activates_at'>>(keys: readonly K[], at: Date): K {
  const sorted = keys.toSorted((a, b) => a.activates_at.getTime() - b.activates_at.getTime());
  const active = sorted.findLast(({ activates_at }) => activates_at <= at) ?? sorted[0];
  if (!active) throw new Error('there is no signing key');
  return active;
}
