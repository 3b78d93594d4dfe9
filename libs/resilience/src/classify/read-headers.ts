import { property, textOf } from './read-property.ts';

/** What the headers of an answer say about its failure. */
export interface HeaderFacts {
  /** The allowance of this window is used up, or the answer says when to come again. */
  readonly limited: boolean;
  readonly html: boolean;
}

const REMAINING = [
  'x-ratelimit-remaining',
  'ratelimit-remaining',
  'x-rate-limit-remaining',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-remaining-tokens',
] as const;

/** Reads Fetch `Headers`, a plain object of axios or Node.js (lower case), or one with capitals. Never throws. */
export function readHeaders(headers: unknown): HeaderFacts | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const read = (name: string): string | undefined => {
    const value = property(headers, name) ?? property(headers, titled(name)) ?? viaGet(headers, name);
    return typeof value === 'number' ? String(value) : textOf(value);
  };
  const limited =
    read('retry-after') !== undefined ||
    read('retry-after-ms') !== undefined ||
    REMAINING.some((name) => read(name) === '0');
  return { limited, html: /^text\/html/i.test(read('content-type') ?? '') };
}

const titled = (name: string) => name.replace(/(?:^|-)[a-z]/g, (part) => part.toUpperCase());

function viaGet(headers: object, name: string): unknown {
  const get = property(headers, 'get');
  if (typeof get !== 'function') return undefined;
  try {
    return get.call(headers, name);
  } catch {
    return undefined;
  }
}
