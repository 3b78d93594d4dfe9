import { randomInt } from 'node:crypto';
import { credentialDigest } from '@gridworks/contracts';

/** Codes of a person at a time. */
export const RECOVERY_CODES = 10;
// Crockford's base32 in lower case: without i, l, o and u, which are misread.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A row of `recovery_codes`. */
export interface RecoveryCode {
  readonly user_id: string;
  /** Hex SHA-256. No stretching: 80 random bits cannot be guessed, not even from the digest. */
  readonly digest: string;
  readonly created_at: Date;
  readonly used_at: Date | null;
}

/** A new code, such as `7k2m-9xqd-h4tw-c8rv`: 80 random bits. */
export function newRecoveryCode(): string {
  const text = Array.from({ length: 16 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return (text.match(/.{4}/g) as string[]).join('-');
}

export const recoveryDigest = (code: string): string => credentialDigest(code);
