/** The parts of an error that pages need; errors of the SDK have all of them. */
export interface Trouble {
  readonly code: string | null;
  readonly message: string;
  readonly status: number | null;
  readonly requestId: string | null;
  /** Whether the same call may succeed later without a change. */
  readonly passing: boolean;
  readonly retryAfterMs: number | null;
  readonly errors: readonly { readonly detail: string; readonly pointer: string }[];
}

interface PortalErrorLike extends Error {
  readonly code: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly errors: Trouble['errors'];
}

const isPortalError = (error: unknown): error is PortalErrorLike =>
  error instanceof Error && 'code' in error && 'requestId' in error;

/** Messages for the SDK's own errors, whose messages are written for programmers. */
const SENTENCES: Readonly<Record<string, string>> = {
  'CLIENT.CONNECTION_FAILED':
    'The portal cannot be reached. This page tries again by itself; check your network when it takes long.',
  'CLIENT.TIMEOUT': 'The portal took too long to respond.',
  'CLIENT.BREAKER_OPEN': 'The portal failed several times in a row. It is called again in a moment.',
  'CLIENT.LIMIT_REACHED': 'This page made too many calls. It continues in a moment.',
  'CLIENT.INVALID_RESPONSE':
    'Something between this page and the portal sent a response that is not the portal’s.',
};

/** Reads any error of a call, a chunk or a component. */
export function troubleOf(error: unknown): Trouble {
  if (!isPortalError(error))
    return {
      code: null,
      message: error instanceof Error ? error.message : String(error),
      status: null,
      requestId: null,
      passing: false,
      retryAfterMs: null,
      errors: [],
    };
  // What opened the breaker says more than the breaker.
  if (error.code === 'CLIENT.BREAKER_OPEN' && isPortalError(error.cause)) return troubleOf(error.cause);
  const { code, status, requestId, retryAfterMs, errors } = error;
  const passing =
    status === null ? code.startsWith('CLIENT.') : status >= 500 || [408, 425, 429].includes(status);
  return {
    code,
    status,
    requestId,
    retryAfterMs,
    errors,
    passing,
    message: SENTENCES[code] ?? error.message,
  };
}
