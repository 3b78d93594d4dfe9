import { AppError } from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import { GuardError } from '@gridworks/resilience';
import {
  NOTIFICATION_DEFERRED,
  NOTIFICATION_REFUSED,
  NOTIFICATION_UNCERTAIN,
} from './notification.errors.ts';

/** The members that nodemailer adds to its errors. */
interface SmtpError {
  readonly code?: string;
  /** The server's reply code, RFC 5321: 4yz is temporary, 5yz is permanent. */
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
/** The state of the session is wrong, not the message: another connection may work. */
const BAD_SEQUENCE = 503;

const replyOf = (error: unknown): number | undefined =>
  error instanceof Error ? (error as SmtpError).responseCode : undefined;

/**
 * The server reported that it does not accept the message: then it does not deliver it either (RFC 5321,
 * 4.2.5).
 */
export const wasRefused = (error: unknown): boolean => (replyOf(error) ?? 0) >= 400;

/**
 * The meaning of a failed send: retry, uncertain, or never. `mayBeTaken`: whether a server had begun to read
 * the message itself, as opposed to its envelope, and has not reported that it refuses the message.
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
