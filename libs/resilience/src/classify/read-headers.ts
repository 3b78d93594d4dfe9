import { property } from './read-property.ts';

/** The facts in the headers of a response about its failure. */
export interface HeaderFacts {
  /** The allowance of this window is used up, or the response says when to retry. */
  readonly limited: boolean;
  readonly html: boolean;
}

const MAX_HEADERS = 100;
const REMAINING = [
  'x-ratelimit-remaining',
  'ratelimit-remaining',
  'x-rate-limit-remaining',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-remaining-tokens',
] as const;

/**
 * Reads Fetch `Headers` and the plain objects of Node.js, axios and others, in upper or lower case. Never
 * throws.
 */
export function readHeaders(headers: unknown): HeaderFacts | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  try {
    const read = reader(headers);
    const limited =
      read('retry-after') !== undefined ||
      read('retry-after-ms') !== undefined ||
      REMAINING.some((name) => read(name) === '0');
    return { limited, html: /^text\/html/i.test(read('content-type') ?? '') };
  } catch {
    return undefined;
  }
}

function reader(headers: object): (name: string) => string | undefined {
  const get = property(headers, 'get');
  if (typeof get === 'function') return (name) => textOf(get.call(headers, name));
  const lower = new Map<string, string>();
  for (const key of Object.keys(headers).slice(0, MAX_HEADERS)) {
    const value = textOf(property(headers, key));
    if (value !== undefined) lower.set(key.toLowerCase(), value);
  }
  return (name) => lower.get(name);
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
