import { createHash } from 'node:crypto';
import { AppError, PASSWORD_BREACHED } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';

/** What people put around a word of the list to make it longer: digits and signs. */
const DECORATION = /^[^\p{L}]+|[^\p{L}]+$/gu;
/** Of the SHA-256 of each stolen password. */
const DIGEST_BYTES = 5;

interface Lists {
  /** Sorted digests of the passwords that are long enough for us. */
  readonly stolen: Buffer;
  /** Words that people lengthen. */
  readonly words: ReadonlySet<string>;
}

/**
 * The most frequent passwords of published thefts (OWASP ASVS 5, 6.2.4; NIST SP 800-63B, 5.1.1.2), on this machine: the
 * 112,000 of the million most frequent ones that our rules would accept, and the 49,233 words of zxcvbn-ts, of any length, which
 * people make longer by digits and signs. No password leaves the process.
 */
@Injectable()
export class BreachedPasswords {
  #lists: Promise<Lists> | undefined;

  /**
   * Rejects with `AUTH.PASSWORD_BREACHED` for a password of the lists, in upper or lower case, also with digits and signs
   * before or after it. `pointer`: where the input has it.
   */
  async refuse(password: string, pointer: string): Promise<void> {
    if (!(await this.isKnown(password))) return;
    throw new AppError(PASSWORD_BREACHED, {
      detail: 'Attackers try this password first. Choose several words that do not belong together.',
      problems: [{ detail: 'is in lists of stolen passwords', pointer }],
    });
  }

  async isKnown(password: string): Promise<boolean> {
    this.#lists ??= load();
    const { stolen, words } = await this.#lists;
    const text = password.toLowerCase();
    return words.has(text) || words.has(text.replace(DECORATION, '')) || contains(stolen, text);
  }
}

/** Loaded when the first password is set: few processes ever need them. */
async function load(): Promise<Lists> {
  const [{ STOLEN_PASSWORDS }, { dictionary }] = await Promise.all([
    import('./stolen-passwords.gen.ts'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return {
    stolen: Buffer.from(STOLEN_PASSWORDS, 'base64'),
    words: new Set(dictionary['passwords-common']),
  };
}

/** Binary search. */
function contains(sorted: Buffer, text: string): boolean {
  const wanted = createHash('sha256').update(text).digest().subarray(0, DIGEST_BYTES);
  let [low, high] = [0, sorted.length / DIGEST_BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * DIGEST_BYTES;
    const order = sorted.compare(wanted, 0, DIGEST_BYTES, at, at + DIGEST_BYTES);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
