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

/** What servers said with an error, by the headers that came with it. */
const bodies = new WeakMap<object, string>();

/** The client forgets the body of an error that is no error object of the protocol. It also reads it without end. */
export const keepingBodies = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
  const response = await fetch(input, init);
  if (response.ok) return response;
  const text = await readBounded(response);
  const { headers, status, statusText } = response;
  const copy = new Response(text === '' ? null : text, { headers, status, statusText });
  bodies.set(copy.headers, text.slice(0, 2_000));
  return copy;
};

/**
 * The client's error with the body that it leaves out, so that whatever the server said is known for what it is. The
 * key is taken out of every text; servers quote it.
 */
export function readable(error: unknown, key: string): unknown {
  if (!(error instanceof Error)) return error;
  const known = error as Error & { headers?: unknown; body?: unknown };
  if (typeof known.headers === 'object' && known.headers !== null) known.body ??= bodies.get(known.headers);
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
