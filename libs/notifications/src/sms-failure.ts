import { AppError } from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import { GuardError } from '@gridworks/resilience';
import {
  NOTIFICATION_DEFERRED,
  NOTIFICATION_REFUSED,
  NOTIFICATION_UNCERTAIN,
} from './notification.errors.ts';

interface SmsError {
  /** The status of the HTTP response. */
  readonly status?: number;
  /** Twilio's error number, or the code of the socket error. */
  readonly code?: string | number;
  readonly message?: string;
  readonly cause?: { readonly code?: string };
}

const BEFORE_SENDING = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const TOO_MANY_REQUESTS = 429;

/** Whether the message certainly reached nobody: it was refused with a reason, or no connection was made. */
export function surelyUnheard(error: unknown): boolean {
  const { status, code, cause } = (error ?? {}) as SmsError;
  if (status !== undefined) return status < 500;
  return BEFORE_SENDING.includes(String(cause?.code ?? code));
}

/** Removes from an error of the connection the whole request, number and text too: errors end up in logs. */
export function dropRequest(error: unknown): void {
  for (const held of ['config', 'request', 'response'])
    if (Object(error)[held] !== undefined) Object.assign(error as object, { [held]: undefined });
}

/**
 * 429 is temporary, other refusals are permanent. `mayBeSent`: the result of some attempt is unknown, as
 * after 5xx and silence.
 */
export function smsFailure(error: unknown, mayBeSent: boolean): AppError {
  const { status, code, message, cause } = (error ?? {}) as SmsError;
  const options = {
    detail: redactText(message ?? String(error)).slice(0, 500),
    details: { status: status ?? null, error_code: code ?? cause?.code ?? null },
    cause: error,
    ...(error instanceof GuardError && error.retryAfterMs !== undefined
      ? { retryAfterMs: Math.ceil(error.retryAfterMs) }
      : {}),
  };
  if (mayBeSent) return new AppError(NOTIFICATION_UNCERTAIN, options);
  const never = status !== undefined && status !== TOO_MANY_REQUESTS;
  return new AppError(never ? NOTIFICATION_REFUSED : NOTIFICATION_DEFERRED, options);
}
