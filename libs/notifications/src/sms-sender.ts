import { AppError } from '@gridworks/contracts';
import { scrubText } from '@gridworks/observability';
import {
  NOTIFICATION_DEFERRED,
  NOTIFICATION_REFUSED,
  NOTIFICATION_UNCERTAIN,
} from './notification.errors.ts';

export interface Sms {
  /** E.164: `+4915112345678`. */
  readonly to: string;
  /** At most 480 characters are sent (three parts). */
  readonly text: string;
}

export interface SmsReceipt {
  /** False when it only went to the local page. */
  readonly sent: boolean;
  /** The provider's id of the message. */
  readonly id: string | null;
}

export interface SmsSender {
  /** @throws AppError NOTIFICATIONS.DEFERRED, NOTIFICATIONS.UNCERTAIN or NOTIFICATIONS.REFUSED */
  send(sms: Sms): Promise<SmsReceipt>;
}

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that it is sent from. */
  readonly from: string;
  /** Default: Twilio's own. */
  readonly baseUrl?: string;
  /** Milliseconds, 5,000. */
  readonly timeoutMs?: number;
}

const maxLength = 480;
const timeoutMs = 5000;
const beforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Sends by Twilio. Its library is loaded with the first message. */
export class TwilioSmsSender implements SmsSender {
  readonly #options: TwilioOptions;

  constructor(options: TwilioOptions) {
    this.#options = options;
  }

  async send(sms: Sms): Promise<SmsReceipt> {
    const { accountSid, authToken, from, baseUrl } = this.#options;
    const { default: twilio } = await import('twilio');
    const client = twilio(accountSid, authToken, { timeout: this.#options.timeoutMs ?? timeoutMs });
    if (baseUrl) client.api.baseUrl = baseUrl;
    try {
      const { sid } = await client.messages.create({ to: sms.to, from, body: sms.text.slice(0, maxLength) });
      return { sent: true, id: sid };
    } catch (error) {
      throw smsFailure(error);
    }
  }
}

/** Without an account: shows messages on the local mail page, marked as not sent. */
export class SinkSmsSender implements SmsSender {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async send(sms: Sms): Promise<SmsReceipt> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
        body: JSON.stringify({ to: [sms.to], text: sms.text.slice(0, maxLength) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok)
        throw Object.assign(new Error(`the page answered ${response.status}`), { status: response.status });
      await response.body?.cancel();
      return { sent: false, id: null };
    } catch (error) {
      throw smsFailure(error);
    }
  }
}

/** 429 and 5xx may pass later; other statuses never; a connection that broke leaves it open whether it was sent. */
function smsFailure(error: unknown): AppError {
  const { status, code, message, cause } = error as {
    status?: number;
    code?: string | number;
    message?: string;
    cause?: { code?: string };
  };
  const options = {
    detail: scrubText(message ?? String(error)).slice(0, 500),
    details: { status: status ?? null, error_code: code ?? cause?.code ?? null },
    cause: error,
  };
  if (status !== undefined) {
    const later = status === 429 || status >= 500;
    return new AppError(later ? NOTIFICATION_DEFERRED : NOTIFICATION_REFUSED, options);
  }
  const surelyNot = beforeSending.includes(String(cause?.code ?? code));
  return new AppError(surelyNot ? NOTIFICATION_DEFERRED : NOTIFICATION_UNCERTAIN, options);
}
