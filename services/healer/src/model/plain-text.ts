import { redact } from '@gridworks/redaction';

/** Beyond it not even redaction reads: an event can carry a megabyte. */
const READ_AT_MOST = 65_536;
/** Controls, format characters (bidi, zero-width, tags), private use, unassigned and halves of pairs; not \n, \t. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;

/**
 * Text that a person sees as it is, and nothing more: look-alike forms folded together, what cannot be seen taken
 * out, then redacted, then cut to `maxLength` characters. In this order, since a secret can hide behind what is
 * unseen, and half a secret is one still.
 */
export function plainText(text: string, maxLength: number): string {
  const seen = text.slice(0, READ_AT_MOST).normalize('NFKC').replace(UNSEEN, '');
  return redact(seen, { maxLength }).slice(0, maxLength).toWellFormed();
}

/** The same on one line. */
export const plainLine = (text: string, maxLength: number): string =>
  plainText(text.replace(/\s+/g, ' ').trim(), maxLength).trim();
