import { redact } from '@gridworks/redaction';

/** Characters that are read at all; redaction, too, stops there. An event can contain a megabyte. */
const READ_AT_MOST = 65_536;
/**
 * Control and format characters (bidi, zero-width, tags), private use, unassigned, and halves of surrogate
 * pairs; not \n, \t.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;

/**
 * Reduces a text to what a person sees: folds look-alike forms together, removes invisible characters,
 * redacts, then cuts to `maxLength` characters. The order matters: a secret can hide behind invisible
 * characters, and half a secret is still a secret.
 */
export function plainText(text: string, maxLength: number): string {
  const seen = text.slice(0, READ_AT_MOST).normalize('NFKC').replace(UNSEEN, '');
  return redact(seen, { maxLength }).slice(0, maxLength).toWellFormed();
}

/** The same, on one line. */
export const plainLine = (text: string, maxLength: number): string =>
  plainText(text.replace(/\s+/g, ' ').trim(), maxLength).trim();
