const MAX_CHARACTERS = 2_048;
const MAX_DEPTH = 4;

let high = 0;
let low = 0;

/**
 * Two 32-bit multiplicative hashes side by side. Errors with different codes or messages get different
 * values.
 */
function mix(text: string): void {
  const length = Math.min(text.length, MAX_CHARACTERS);
  let h = high;
  let l = low ^ text.length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ unit, 2654435761);
    l = Math.imul(l ^ unit, 1597334677);
  }
  high = h ^ (l >>> 15);
  low = l ^ (h >>> 13);
}

function mixValue(value: unknown): void {
  if (typeof value === 'string') mix(value);
  else if (typeof value === 'number' || typeof value === 'boolean') mix(String(value));
  else mix('\u0000');
}

function mixError(error: unknown, depth: number): void {
  if (typeof error !== 'object' || error === null) {
    mix(typeof error);
    mixValue(error);
    return;
  }
  const named = error as Record<string, unknown>;
  mixValue(named.name);
  mixValue(named.code);
  mixValue(named.status ?? named.statusCode);
  mixValue(named.message);
  if (typeof named.body === 'string') mix(named.body);
  if (depth === 0) return;
  if (typeof named.response === 'object' && named.response !== null)
    mixValue((named.response as Record<string, unknown>).status);
  if (named.cause !== undefined) mixError(named.cause, depth - 1);
  if (Array.isArray(named.errors) && named.errors.length > 0) mixError(named.errors[0], depth - 1);
}

/**
 * A cheap number for "the same error again": name, code, status, message and body, through its causes. 52
 * bits; only for looking up the earlier examination of an equal error, never shown. NaN when the error cannot
 * be read.
 */
export function errorIdentity(error: unknown): number {
  high = 0x9e3779b9;
  low = 0x85ebca6b;
  try {
    mixError(error, MAX_DEPTH);
  } catch {
    return Number.NaN;
  }
  return (high >>> 0) * 0x100000 + ((low >>> 0) & 0xfffff);
}
