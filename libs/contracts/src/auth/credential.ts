import { createHmac, hash } from 'node:crypto';
import { isScimToken, parseApiKey, randomBase62 } from './api-key.ts';

/** The credentials that are stored by their digest. */
export const CREDENTIAL_KINDS = ['api_key', 'session', 'scim_token'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** How our own keys and tokens begin: such a text was made here, or never. */
const OWN_PREFIX = /^(?:pp_(?:live|test|scim)_|ses_|acs_)/;
/** A key that was made elsewhere: whatever a header carries without spaces. */
const FOREIGN_KEY = /^[\x21-\x7e]{4,512}$/;
/** The longest key or session token, in characters. */
export const MAX_CREDENTIAL_LENGTH = 512;
/** The longest access token, in characters. Ours have about 700. */
export const MAX_ACCESS_TOKEN_LENGTH = 2048;
/** The shape of a signed JWT (RFC 7515, compact). */
const JWT = /^(eyJ[\w-]{1,700})\.[\w-]{2,}\.[\w-]*$/;
const SESSION_TOKEN = /^ses_[0-9A-Za-z]{43}$/;

/**
 * A new session token: `ses_` and 43 random base62 characters (256 bits). Longer than the id of a session,
 * which is no secret.
 */
export function newSessionToken(): string {
  return `ses_${randomBase62(43)}`;
}

/** A new secret of an application: `acs_` and 43 base62 characters (256 bits). */
export function newClientSecret(): string {
  return `acs_${randomBase62(43)}`;
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

/** A bearer credential by its form: what it may be, and what it is remembered by. */
export interface ParsedCredential {
  readonly kind: CredentialKind | 'access_token';
  readonly digest: string;
  /** Access tokens only: the token itself. */
  readonly token?: string;
}

/**
 * The kind of a bearer credential, by its form alone. A text that does not begin like ours may be an imported
 * key, also a JWT that does not say that it is an access token. `null` when it begins like ours and was never issued, such
 * as a key with a wrong checksum, or can be no credential at all; refuse it without a look-up.
 */
export function parseCredential(text: string): ParsedCredential | null {
  if (parseApiKey(text)) return { kind: 'api_key', digest: credentialDigest(text) };
  if (isScimToken(text)) return { kind: 'scim_token', digest: credentialDigest(text) };
  if (SESSION_TOKEN.test(text)) return { kind: 'session', digest: credentialDigest(text) };
  if (isAccessToken(text)) return { kind: 'access_token', digest: credentialDigest(text), token: text };
  if (FOREIGN_KEY.test(text) && !OWN_PREFIX.test(text))
    return { kind: 'api_key', digest: credentialDigest(text) };
  return null;
}

/** Whether a text has the form of a JWT whose header says `at+jwt` (RFC 9068). Says nothing about its signature. */
function isAccessToken(text: string): boolean {
  if (text.length > MAX_ACCESS_TOKEN_LENGTH) return false;
  const header = JWT.exec(text)?.[1];
  if (header === undefined) return false;
  try {
    const { typ } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ?: unknown };
    return typeof typ === 'string' && /^(?:application\/)?at\+jwt$/i.test(typ);
  } catch {
    return false;
  }
}
