import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** The prefixes of a raw Ed25519 key in PKCS #8 and in SPKI (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const RAW_KEY = /^[A-Za-z0-9_-]{43}$/;

/**
 * The Ed25519 key that is derived from a secret text: its seed is the SHA-256 of the text, which needs 32
 * random bytes.
 */
export function privateKeyOf(signingKey: string): KeyObject {
  const seed = createHash('sha256').update(signingKey).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

/** The public key that belongs to a secret text, as 43 characters of base64url: `SIGNING_PUBLIC_KEY`. */
export function publicKeyOf(signingKey: string): string {
  const spki = createPublicKey(privateKeyOf(signingKey)).export({ format: 'der', type: 'spki' });
  return spki.subarray(SPKI_PREFIX.length).toString('base64url');
}

/** Reads a key that `publicKeyOf` wrote. Throws a TypeError for any other text. */
export function readPublicKey(text: string): KeyObject {
  if (!RAW_KEY.test(text)) throw new TypeError('a public key has 43 characters of base64url');
  const key = Buffer.concat([SPKI_PREFIX, Buffer.from(text, 'base64url')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}
