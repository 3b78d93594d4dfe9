import { AppError } from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import { GuardError } from '@gridworks/resilience';
import {
  NOTIFICATION_DEFERRED,
  NOTIFICATION_REFUSED,
  NOTIFICATION_UNCERTAIN,
} from './notification.errors.ts';

/** What nodemailer puts on its errors. */
interface SmtpError {
  readonly code?: string;
  /** The server's reply, RFC 5321: 4yz may pass later, 5yz will not. */
  readonly responseCode?: number;
  readonly message?: string;
}

const NEVER_PASSES = [
  'EENVELOPE',
  'EMESSAGE',
  'EAUTH',
  'ENOAUTH',
  'ECONFIG',
  'ETLS',
  'EREQUIRETLS',
  'EMAXRECIPIENTS',
];
/** Wrong state of the session, not of the message: another connection may do. */
const BAD_SEQUENCE = 503;

const replyOf = (error: unknown): number | undefined =>
  error instanceof Error ? (error as SmtpError).responseCode : undefined;

/** The server said that it does not take it: then it will not deliver it either (RFC 5321, 4.2.5). */
export const wasRefused = (error: unknown): boolean => (replyOf(error) ?? 0) >= 400;

/**
 * What a failed send means: to be tried again, uncertain, or never. `mayBeTaken`: whether a server had begun to
 * take the message itself, as opposed to its envelope, and has not said that it refuses it.
 */
export function smtpFailure(error: unknown, mayBeTaken: boolean): AppError {
  const { code, responseCode, message }: SmtpError =
    error instanceof Error ? error : { message: String(error) };
  const options = {
    detail: redactText(message ?? 'the mail could not be sent').slice(0, 500),
    details: { smtp_code: responseCode ?? null, error_code: code ?? null },
    cause: error,
    ...(error instanceof GuardError && error.retryAfterMs !== undefined
      ? { retryAfterMs: Math.ceil(error.retryAfterMs) }
      : {}),
  };
  if (mayBeTaken) return new AppError(NOTIFICATION_UNCERTAIN, options);
  if (responseCode !== undefined && responseCode >= 400) {
    const permanent = responseCode >= 500 && responseCode !== BAD_SEQUENCE;
    return new AppError(permanent ? NOTIFICATION_REFUSED : NOTIFICATION_DEFERRED, options);
  }
  if (code && NEVER_PASSES.includes(code)) return new AppError(NOTIFICATION_REFUSED, options);
  return new AppError(NOTIFICATION_DEFERRED, options);
}
