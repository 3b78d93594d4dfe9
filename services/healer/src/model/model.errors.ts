import { readBounded } from './read-bounded.ts';

/** An answer of the server that is no JSON: its status, headers and body are what the classifier goes by. */
export class ModelBodyError extends Error {
  override readonly name = 'ModelBodyError';
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly body: string,
    cause: unknown,
  ) {
    super('the answer is not JSON', { cause });
  }
}

/** The client reads what comes with an error without end; its status says enough when there is too much of it. */
export async function fetchBounded(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.ok) return response;
  const text = await readBounded(response).catch(() => '');
  const { headers, status, statusText } = response;
  return new Response(text === '' ? null : text, { headers, status, statusText });
}

/** The same error, with the key taken out of every text: servers quote it. */
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
