import { z } from 'zod';

/**
 * Whether a text has no lone surrogate. In UTF-8 each lone surrogate becomes U+FFFD, so that different texts,
 * passwords among them, would be the same bytes.
 */
export const isWellFormed = (text: string): boolean => text.isWellFormed();
export const NOT_WELL_FORMED = 'must not contain half of a surrogate pair';

/**
 * Whether storage keeps a text unchanged: no NUL (PostgreSQL refuses it), no lone surrogate (UTF-8 has none).
 */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

export const NOT_STORABLE = 'must not contain NUL or half of a surrogate pair';

/** A text that is stored: trimmed, 1 to `max` UTF-16 units, without NUL and lone surrogates. */
export function storedText(max: number) {
  return z.string().trim().min(1).max(max).refine(isStorableText, NOT_STORABLE);
}
