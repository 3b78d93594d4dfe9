import { MAX_ACCESS_TOKEN_LENGTH } from '@gridworks/contracts';

const LONGEST_HEADER = 'Bearer '.length + MAX_ACCESS_TOKEN_LENGTH + 8;

/**
 * The credential of an `Authorization: Bearer …` header. `null` when there is none or the header has another
 * scheme or form. An overlong credential counts as none, so that no caller makes the gateway hash megabytes.
 */
export function readBearer(header: string | undefined): string | null {
  if (!header || header.length > LONGEST_HEADER || header.length < 8) return null;
  if (header.slice(0, 7).toLowerCase() !== 'bearer ') return null;
  const text = header.slice(7).trim();
  return text.length > 0 ? text : null;
}
