import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The mode of a key: calls with a test key are counted apart. */
export type ApiKeyMode = 'live' | 'test';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 30;
const CHECKSUM_LENGTH = 6;
const LAYOUT = /^pp_(live|test|scim)_[0-9A-Za-z]{30}[0-9A-Za-z]{6}$/;

/** A random text of `length` base62 characters (5.95 bits each), without modulo bias. */
export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** CRC32 of a text as six base62 characters, most significant first. Detects typing errors, not attackers. */
export function apiKeyChecksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = ALPHABET[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/**
 * A new key: `pp_live_` or `pp_test_`, 30 random base62 characters (178 bits), then the checksum of
 * everything before it, so that a changed mode is refused as well.
 */
export const newApiKey = (mode: ApiKeyMode): string => newSecret(mode);

/** A new SCIM token, of the same layout: `pp_scim_`. */
export const newScimToken = (): string => newSecret('scim');

function newSecret(word: ApiKeyMode | 'scim'): string {
  const body = `pp_${word}_${randomBase62(RANDOM_LENGTH)}`;
  return body + apiKeyChecksum(body);
}

/**
 * Parses a key. `null` when the text is not a key or its checksum is wrong: such a key was never issued, and
 * needs no look-up. A parsed key may still be unknown or revoked.
 */
export function parseApiKey(text: string): { mode: ApiKeyMode; last4: string } | null {
  const word = wordOf(text);
  return word === null || word === 'scim' ? null : { mode: word, last4: text.slice(-4) };
}

/** Whether a text is a SCIM token with the right checksum. */
export const isScimToken = (text: string): boolean => wordOf(text) === 'scim';

/** The word after `pp_` of a text whose layout and checksum are right. */
function wordOf(text: string): ApiKeyMode | 'scim' | null {
  const word = LAYOUT.exec(text)?.[1];
  const isIntact = word && apiKeyChecksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
  return isIntact ? (word as ApiKeyMode | 'scim') : null;
}
