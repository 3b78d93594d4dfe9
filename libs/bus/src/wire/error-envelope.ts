import {
  AppError,
  DEADLINE_EXCEEDED,
  type ErrorKind,
  INTERNAL,
  type InputProblem,
  REDUCED_CAPACITY,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { LATE_RESPONSE, MALFORMED_RESPONSE, UNAVAILABLE_RESPONSE } from './request-faults.ts';
import { parseJson } from './safe-json.ts';

/** The body of an error reply. */
export interface ErrorEnvelope {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly InputProblem[];
  readonly retry_after_ms?: number;
}

// Numbers like those of HTTP, as NATS services use them in `Nats-Service-Error-Code`.
const STATUS_OF: Record<ErrorKind, number> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  deadline_exceeded: 504,
};
const kinds = new Set(Object.keys(STATUS_OF));

/** The error responses that report a temporary fault. INTERNAL is reported by the service that threw it. */
const FAULTS: Partial<Record<ErrorKind, Error>> = {
  unavailable: UNAVAILABLE_RESPONSE,
  deadline_exceeded: LATE_RESPONSE,
};

/** Headers (`Nats-Service-Error`, `Nats-Service-Error-Code`) and body of the reply that carries this error. */
export function encodeError(error: AppError): { headers: Record<string, string>; body: string } {
  const envelope: ErrorEnvelope = {
    code: error.code,
    kind: error.kind,
    title: error.title,
    detail: error.message,
    retryable: error.retryable,
    ...(error.details && { details: error.details }),
    ...(error.problems && { problems: error.problems }),
    ...(error.retryAfterMs !== undefined && { retry_after_ms: error.retryAfterMs }),
  };
  return {
    headers: { 'Nats-Service-Error': error.code, 'Nats-Service-Error-Code': String(STATUS_OF[error.kind]) },
    body: JSON.stringify(envelope),
  };
}

/** Decodes the error of an error reply. An invalid one becomes `PLATFORM.INTERNAL`. */
export function decodeError(body: Uint8Array): AppError {
  let envelope: Partial<ErrorEnvelope>;
  try {
    envelope = parseJson(body) as Partial<ErrorEnvelope>;
  } catch (cause) {
    return new AppError(INTERNAL, { cause });
  }
  if (typeof envelope?.code !== 'string' || !kinds.has(envelope.kind as string))
    return new AppError(INTERNAL, { cause: MALFORMED_RESPONSE });
  // A service that refuses work works: repeating at once would only add to what it refuses.
  const cause = envelope.code === REDUCED_CAPACITY.code ? undefined : FAULTS[envelope.kind as ErrorKind];
  return new AppError(
    {
      code: envelope.code,
      kind: envelope.kind as ErrorKind,
      title: String(envelope.title ?? envelope.code),
      retryable: envelope.retryable === true,
    },
    {
      ...(typeof envelope.detail === 'string' && { detail: envelope.detail }),
      ...(isRecord(envelope.details) && { details: envelope.details }),
      ...(Array.isArray(envelope.problems) && { problems: envelope.problems.filter(isProblem) }),
      ...(typeof envelope.retry_after_ms === 'number' && { retryAfterMs: envelope.retry_after_ms }),
      ...(cause && { cause }),
    },
  );
}

/** The default time until a retry, in milliseconds. */
export const RETRY_AFTER_MS = 1000;

/** No instance takes this work now, and nothing was done. */
export const unavailable = (detail: string, cause?: unknown): AppError =>
  new AppError(UNAVAILABLE, { detail, retryAfterMs: RETRY_AFTER_MS, cause });

/** No response came; the work may have been done. */
export const deadlineExceeded = (detail: string, cause?: unknown): AppError =>
  new AppError(DEADLINE_EXCEEDED, { detail, cause });

/**
 * A request got no response. The error has no `retryAfterMs` while healing may still repeat the request,
 * since healing chooses its own waits.
 */
export const noResponse = (detail: string, cause: Error): AppError =>
  new AppError(UNAVAILABLE, { detail, cause });

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProblem(value: unknown): value is InputProblem {
  return isRecord(value) && typeof value.detail === 'string' && typeof value.pointer === 'string';
}
