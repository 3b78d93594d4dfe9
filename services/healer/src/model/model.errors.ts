import { readBounded } from './read-bounded.ts';

/** A response that is not JSON. The classifier uses its status, headers and body. */
export class ModelBodyError extends Error {
  override readonly name = 'ModelBodyError';
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly body: string,
    cause: unknown,
  ) {
    super('the response is not JSON', { cause });
  }
}

/**
 * Bounds the body of an error response, which the client library would read without a limit. When it is too
 * long, the status alone is enough.
 */
export async function fetchBounded(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.ok) return response;
  const text = await readBounded(response).catch(() => '');
  const { headers, status, statusText } = response;
  return new Response(text === '' ? null : text, { headers, status, statusText });
}

/** Returns the same error, with the API key redacted from every text: servers quote the key. */
export function withoutKey(error: unknown, key: string): unknown {
  hideKey(error, key, 4);
  return error;
}

function hideKey(value: unknown, key: string, depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  for (const name of Object.getOwnPropertyNames(value)) {
    const held = (value as Record<string, unknown>)[name];
    if (typeof held !== 'string') hideKey(held, key, depth - 1);
    else if (held.includes(key))
      Object.defineProperty(value, name, {
        value: held.replaceAll(key, '[redacted]'),
        configurable: true,
        enumerable: name !== 'message' && name !== 'stack',
        writable: true,
      });
  }
}
