/**
 * The credential of an `Authorization: Bearer …` header. `null` when there is none or it is of another scheme or
 * form; an absurdly long one is none, so that nobody makes us hash megabytes.
 */
export function readBearer(header: string | undefined): string | null {
  if (!header || header.length > 200 || header.length < 8) return null;
  if (header.slice(0, 7).toLowerCase() !== 'bearer ') return null;
  const text = header.slice(7).trim();
  return text.length > 0 ? text : null;
}
