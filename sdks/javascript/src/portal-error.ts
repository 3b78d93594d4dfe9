/** What completes a log-in whose password was right: the `LogInChallenge` of the operations. */
export interface SecondFactorDemand {
  readonly token: string;
  readonly expires_at: string;
  readonly methods: readonly ('totp' | 'passkey' | 'recovery_code')[];
  /** The options for `navigator.credentials.get()`; null without `passkey` among the methods. */
  readonly public_key: object | null;
}

/** The details of an error, with the same names in every error of this package. */
export interface PortalErrorDetails {
  /**
   * Stable and dotted: a code of the API (`SUPPORT.TICKET_NOT_FOUND`), or of this package (`CLIENT.TIMEOUT`).
   */
  readonly code: string;
  /** HTTP status; null when there was no response. */
  readonly status: number | null;
  /** The request id of the response, for support; null when there was no response. */
  readonly requestId: string | null;
  /** Milliseconds after which a retry may help; null when unknown. */
  readonly retryAfterMs: number | null;
  /** The problem of each wrong member of the input (JSON Pointer, RFC 6901). */
  readonly errors: readonly { readonly detail: string; readonly pointer: string }[];
  /**
   * With `AUTH.SECOND_FACTOR_REQUIRED`: the password was right, and this challenge completes the log-in
   * (`sessions.complete`). Null for every other error.
   */
  readonly challenge: SecondFactorDemand | null;
  readonly cause?: unknown;
}

/**
 * The base class of every error that this package throws. The class shows the kind of error, `code` the
 * single error.
 */
export class PortalError extends Error implements PortalErrorDetails {
  override readonly name: string = 'PortalError';
  readonly code: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly errors: PortalErrorDetails['errors'];
  readonly challenge: SecondFactorDemand | null;

  constructor(message: string, details: Partial<PortalErrorDetails> & { code: string }) {
    super(message, { cause: details.cause });
    this.code = details.code;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.errors = details.errors ?? [];
    this.challenge = details.challenge ?? null;
  }
}

/** The API refused the request with a problem document (RFC 9457). */
export class ApiError extends PortalError {
  override readonly name = 'ApiError';
}

/**
 * There was no response: the connection failed, or the time was over (`CLIENT.TIMEOUT`). The work may have
 * been done.
 */
export class ConnectionError extends PortalError {
  override readonly name = 'ConnectionError';
}

/** The response is not the API's: HTML from a proxy, JSON that cannot be read. */
export class InvalidResponseError extends PortalError {
  override readonly name = 'InvalidResponseError';
}

/** The request was not sent: the breaker is open, or the wait for this client's limit would be too long. */
export class NotSentError extends PortalError {
  override readonly name = 'NotSentError';
}
