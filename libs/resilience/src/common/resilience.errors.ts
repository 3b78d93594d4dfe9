/** Errors that the guards of a call throw themselves. The wrapped function did not run, or was given up. */
export type GuardErrorCode =
  | 'RESILIENCE.CIRCUIT_OPEN'
  | 'RESILIENCE.BULKHEAD_FULL'
  | 'RESILIENCE.RATE_LIMITED'
  | 'RESILIENCE.DEADLINE_EXCEEDED';

export class GuardError extends Error {
  override readonly name: string = 'GuardError';
  readonly code: GuardErrorCode;
  /** The call site's source. */
  readonly source: string;
  /** When a call may be let through again, in milliseconds from now; undefined when that is not known. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: GuardErrorCode,
    source: string,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.source = source;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The breaker is open: the dependency failed too often recently. `cause` is its last failure. */
export class CircuitOpenError extends GuardError {
  override readonly name = 'CircuitOpenError';
  constructor(source: string, breaker: string, retryAfterMs: number, cause: unknown) {
    super('RESILIENCE.CIRCUIT_OPEN', source, `${source}: the breaker "${breaker}" is open`, {
      retryAfterMs,
      cause,
    });
  }
}

/**
 * As many calls run and wait as the bulkhead allows, or no place became free in time. The function was not
 * called.
 */
export class BulkheadFullError extends GuardError {
  override readonly name = 'BulkheadFullError';
  constructor(source: string, reason: string) {
    super('RESILIENCE.BULKHEAD_FULL', source, `${source}: ${reason}`);
  }
}

/** Our own limit was reached; nothing was sent. */
export class RateLimitError extends GuardError {
  override readonly name = 'RateLimitError';
  constructor(source: string, retryAfterMs: number) {
    super('RESILIENCE.RATE_LIMITED', source, `${source}: over its own rate limit`, { retryAfterMs });
  }
}

/** No response in time. The work may have happened, or may still happen. */
export class DeadlineExceededError extends GuardError {
  override readonly name = 'DeadlineExceededError';
  constructor(source: string, afterMs: number) {
    super('RESILIENCE.DEADLINE_EXCEEDED', source, `${source}: no response within ${afterMs} ms`);
  }
}

/** A mistake in the use of healing, detected when the function is wrapped, never later. */
export class HealingMisuseError extends Error {
  override readonly name = 'HealingMisuseError';
  readonly code: 'RESILIENCE.WRAPPED_TWICE' | 'RESILIENCE.INVALID_OPTIONS';
  constructor(code: HealingMisuseError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Refusals may come by the thousand, always from the same place, and `source` names that place: a stack trace
 * would cost more than everything else in a refusal.
 */
export function withoutStack<E extends GuardError>(make: () => E): E {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
