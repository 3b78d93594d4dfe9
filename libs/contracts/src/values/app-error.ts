/** The kind of an error, in terms that decide what a caller may do about it. */
export type ErrorKind =
  | 'invalid_input' // the caller must change the request
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found' // also: belongs to another partner
  | 'conflict' // the state of the object forbids it now
  | 'unprocessable' // well formed, but contradicts an earlier request (idempotency key with another payload)
  | 'rate_limited'
  | 'unavailable' // a dependency is away; the work did not happen
  | 'deadline_exceeded' // no response in time; the work may have happened
  | 'internal';

/** An entry of the catalogue: a stable code, its meaning, and whether repeating the same call may help. */
export interface ErrorDefinition {
  /** `OWNER.NAME`, for instance `BILLING.INVOICE_NOT_FOUND`. Never renamed once published. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** Short and constant; the occurrence goes into `detail`. */
  readonly title: string;
  readonly retryable: boolean;
}

/** One problem of the input. `pointer` is a JSON Pointer (RFC 6901) into the input, '' for the whole. */
export interface InputProblem {
  readonly detail: string;
  readonly pointer: string;
}

export interface AppErrorOptions {
  /** A sentence for the person who made the call: what happened and what to do. */
  readonly detail?: string;
  /** Machine-readable facts about this occurrence. Plain JSON, no secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly InputProblem[];
  /** When a retry may help, in milliseconds from now. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const CODE_PATTERN = /^[A-Z][A-Z0-9]*(\.[A-Z][A-Z0-9_]*)+$/;

/** Declares an error of the catalogue. Throws when the code is not dotted upper case. */
export function defineError(definition: {
  code: string;
  kind: ErrorKind;
  title: string;
  retryable?: boolean;
}): ErrorDefinition {
  if (!CODE_PATTERN.test(definition.code)) throw new Error(`not a dotted error code: ${definition.code}`);
  return Object.freeze({ retryable: false, ...definition });
}

/**
 * The error that is sent between services. Any other thrown error becomes `PLATFORM.INTERNAL` at the edge.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly title: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly problems: readonly InputProblem[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(definition: ErrorDefinition, options: AppErrorOptions = {}) {
    super(
      options.detail ?? definition.title,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = definition.code;
    this.kind = definition.kind;
    this.title = definition.title;
    this.retryable = definition.retryable;
    this.details = options.details;
    this.problems = options.problems;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Errors that any request may end with, whichever service owns the request. */
export const INVALID_INPUT = defineError({
  code: 'PLATFORM.INVALID_INPUT',
  kind: 'invalid_input',
  title: 'The request is not valid',
});
export const UNAVAILABLE = defineError({
  code: 'PLATFORM.UNAVAILABLE',
  kind: 'unavailable',
  title: 'A part of the system is away for a moment',
  retryable: true,
});
/**
 * The service works, and serves only critical requests for a moment, since a resource of it is nearly used up. Nothing
 * was done. No fault: a caller must not repeat the request before `retryAfterMs`.
 */
export const REDUCED_CAPACITY = defineError({
  code: 'PLATFORM.REDUCED_CAPACITY',
  kind: 'unavailable',
  title: 'Only the most important requests are served for a moment',
  retryable: true,
});
export const DEADLINE_EXCEEDED = defineError({
  code: 'PLATFORM.DEADLINE_EXCEEDED',
  kind: 'deadline_exceeded',
  title: 'No response came in time',
  retryable: true,
});
export const INTERNAL = defineError({
  code: 'PLATFORM.INTERNAL',
  kind: 'internal',
  title: 'Something went wrong on our side',
});
/**
 * A fault of the service, not of the caller: every response that a request allows must fit into a message.
 */
export const RESPONSE_TOO_LARGE = defineError({
  code: 'PLATFORM.RESPONSE_TOO_LARGE',
  kind: 'internal',
  title: 'The response is larger than the system can carry',
});
export const FORBIDDEN = defineError({
  code: 'PLATFORM.FORBIDDEN',
  kind: 'forbidden',
  title: 'This credential may not do that',
});
export const UNAUTHENTICATED = defineError({
  code: 'PLATFORM.UNAUTHENTICATED',
  kind: 'unauthenticated',
  title: 'A valid credential is needed',
});
export const NOT_FOUND = defineError({
  code: 'PLATFORM.NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such thing',
});
export const IDEMPOTENCY_KEY_REUSED = defineError({
  code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED',
  kind: 'unprocessable',
  title: 'This idempotency key was used with another request',
});
export const IDEMPOTENCY_KEY_IN_FLIGHT = defineError({
  code: 'PLATFORM.IDEMPOTENCY_KEY_IN_FLIGHT',
  kind: 'conflict',
  title: 'A request with this idempotency key is still running',
  retryable: true,
});
