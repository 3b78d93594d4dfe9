import { AppError, PASSWORD_BREACHED } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';

/** What people put around a word of the list to make it longer: digits and signs. */
const DECORATION = /^[^\p{L}]+|[^\p{L}]+$/gu;

/**
 * The most frequent passwords of published thefts (OWASP ASVS 5, 6.2.4; NIST SP 800-63B, 5.1.1.2): the list of
 * zxcvbn-ts, 49,233 words, on this machine. No password leaves the process.
 */
@Injectable()
export class BreachedPasswords {
  #words: ReadonlySet<string> | undefined;

  /**
   * Throws `AUTH.PASSWORD_BREACHED` for a password of the list, in upper or lower case, also with digits and signs
   * before or after it. `pointer`: where the input has it.
   */
  refuse(password: string, pointer: string): void {
    if (!this.isKnown(password)) return;
    throw new AppError(PASSWORD_BREACHED, {
      detail: 'Attackers try this password first. Choose several words that do not belong together.',
      problems: [{ detail: 'is in lists of stolen passwords', pointer }],
    });
  }

  isKnown(password: string): boolean {
    this.#words ??= new Set(dictionary['passwords-common']);
    const text = password.toLowerCase();
    return this.#words.has(text) || this.#words.has(text.replace(DECORATION, ''));
  }
}
