import type { ErrorCapture } from './error-capture.ts';

export type Redact = (value: unknown) => unknown;

const MESSAGE = 1_000;
const STACK = 4_000;
/** A text is searched for secrets only up to this length; far more than is kept. */
const READ = 65_536;

/**
 * Name, code, message and stack of any thrown value: redacted first, then cut to size, so that no secret is
 * cut and thereby missed. Accepts values that cannot be read.
 */
export function describeError(error: unknown, redact: Redact): ErrorCapture['error'] {
  try {
    if (typeof error !== 'object' || error === null)
      return { name: typeof error, code: null, message: clean(String(error), MESSAGE, redact), stack: null };
    const { name, code, message, stack } = error as Record<string, unknown>;
    return {
      name: typeof name === 'string' ? clean(name, 100, redact) : 'Error',
      code: typeof code === 'string' || typeof code === 'number' ? clean(String(code), 100, redact) : null,
      message: clean(typeof message === 'string' ? message : '', MESSAGE, redact),
      stack: typeof stack === 'string' ? clean(stack, STACK, redact) : null,
    };
  } catch {
    return { name: 'Error', code: null, message: 'an error that cannot be read', stack: null };
  }
}

function clean(text: string, length: number, redact: Redact): string {
  const redacted = redact(text.length <= READ ? text : text.slice(0, READ));
  const readable = typeof redacted === 'string' ? redacted : String(redacted);
  return readable.length <= length ? readable : `${readable.slice(0, length)}…`;
}
