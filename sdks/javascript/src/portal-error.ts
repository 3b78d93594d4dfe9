/** What a caller may do about an error: the same words in every error of this package. */
export interface PortalErrorDetails {
  /** Stable and dotted: the API's own (`SUPPORT.TICKET_NOT_FOUND`), or one of this package (`CLIENT.TIMEOUT`). */
  readonly code: string;
  /** HTTP status; null when there was no response. */
  readonly status: number | null;
  /** Of the response, for support; null when there was none. */
  readonly requestId: string | null;
  /** Milliseconds after which a retry may help; null when nobody said so. */
  readonly retryAfterMs: number | null;
  /** What is wrong with which member of the input (JSON Pointer, RFC 6901). */
  readonly errors: readonly { readonly detail: string; readonly pointer: string }[];
  readonly cause?: unknown;
}

/** Every error that this package throws. `instanceof` tells the kinds apart, `code` the single errors. */
export class PortalError extends Error implements PortalErrorDetails {
  override readonly name: string = 'PortalError';
  readonly code: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly errors: PortalErrorDetails['errors'];

  constructor(message: string, details: Partial<PortalErrorDetails> & { code: string }) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.errors = details.errors ?? [];
  }
}

/** The API refused: a problem document (RFC 9457) came back. */
export class ApiError extends PortalError {
  override readonly name = 'ApiError';
}

/** No response came: the connection failed, or the time was over (`CLIENT.TIMEOUT`). The work may have been done. */
export class ConnectionError extends PortalError {
  override readonly name = 'ConnectionError';
}

/** What came back is not of the API: HTML from a proxy, JSON that cannot be read. */
export class InvalidResponseError extends PortalError {
  override readonly name = 'InvalidResponseError';
}

/** Not sent at all: the breaker is open, or the limit of this client would be waited for too long. */
export class NotSentError extends PortalError {
  override readonly name = 'NotSentError';
}
