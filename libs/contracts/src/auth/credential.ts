import { createHmac, hash } from 'node:crypto';
import { parseApiKey, randomBase62 } from './api-key.ts';

/** How our own keys and tokens begin: such a text was made here, or never. */
const OWN_PREFIX = /^(?:pp_(?:live|test)_|ses_)/;
/** A key that was made elsewhere: whatever a header carries without spaces. */
const FOREIGN_KEY = /^[\x21-\x7e]{4,512}$/;
/** The longest credential, in characters. */
export const MAX_CREDENTIAL_LENGTH = 512;
const SESSION_TOKEN = /^ses_[0-9A-Za-z]{43}$/;

/**
 * A new session token: `ses_` and 43 random base62 characters (256 bits). Longer than the id of a session,
 * which is no secret.
 */
export function newSessionToken(): string {
  return `ses_${randomBase62(43)}`;
}

/** A new secret of a link in a mail: 43 base62 characters (256 bits). */
export function newLinkToken(): string {
  return randomBase62(43);
}

/**
 * Lower-case hex SHA-256 of a whole key or token: stored, cached and looked up instead of the secret. No salt
 * or stretching: the secrets are random and too long to guess.
 */
export function credentialDigest(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/**
 * The token that our pages must send with a write, besides the cookie that the browser adds automatically: a
 * script of another origin can make a browser send the cookie, and cannot know this token. The token is
 * derived from the digest of the session; 43 base64url characters.
 */
export function csrfTokenOf(sessionDigest: string): string {
  return createHmac('sha256', sessionDigest).update('csrf').digest('base64url');
}

/**
 * The kind of a bearer credential, by its form alone. A text that does not begin like ours may be an imported
 * key. `null` when it begins like ours and was never issued, such as a key with a wrong checksum, or can be no
 * key at all; refuse such a credential without a look-up.
 */
export function parseCredential(text: string): { kind: 'api_key' | 'session'; digest: string } | null {
  if (parseApiKey(text)) return { kind: 'api_key', digest: credentialDigest(text) };
  if (SESSION_TOKEN.test(text)) return { kind: 'session', digest: credentialDigest(text) };
  if (FOREIGN_KEY.test(text) && !OWN_PREFIX.test(text))
    return { kind: 'api_key', digest: credentialDigest(text) };
  return null;
}
