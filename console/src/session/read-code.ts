/** Six digits as people type them: `123 456`. Null for anything else. */
export function readTotpCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(code) ? code : null;
}

/**
 * A recovery code as people type it, in upper case or without its hyphens. Null for anything else. The codes have no i, l and
 * o: they are read as the digits that they look like.
 */
export function readRecoveryCode(text: string): string | null {
  const code = text.toLowerCase().replace(/[\s-]/g, '').replace(/[il]/g, '1').replace(/o/g, '0');
  return /^[0-9a-z]{16}$/.test(code) ? (code.match(/.{4}/g) as string[]).join('-') : null;
}
