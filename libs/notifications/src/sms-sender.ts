import { type HealingEnvironment, withSelfHealing } from '@gridworks/resilience';
import { dropRequest, smsFailure, surelyUnheard } from './sms-failure.ts';

export interface Sms {
  /** E.164: `+4915112345678`. */
  readonly to: string;
  /** At most 480 characters are sent (three parts). */
  readonly text: string;
}

export interface SmsReceipt {
  /** False when the message was only shown on the local page. */
  readonly sent: boolean;
  /** The provider's id of the message. */
  readonly id: string | null;
}

export interface SmsSender {
  /** @throws AppError NOTIFICATIONS.DEFERRED, NOTIFICATIONS.UNCERTAIN or NOTIFICATIONS.REFUSED */
  send(sms: Sms): Promise<SmsReceipt>;
}

/** The options of both senders. */
interface SmsOptions {
  /** The service that sends the messages: errors are reported as those of `<service>.sms.send`. */
  readonly service: string;
  /** Timeout of one attempt, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Default: the environment of the process. */
  readonly environment?: HealingEnvironment | undefined;
}

export interface TwilioOptions extends SmsOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that the SMS is sent from. */
  readonly from: string;
  /** Default: Twilio's own address. */
  readonly baseUrl?: string;
}

export interface SinkOptions extends SmsOptions {
  readonly url: string;
  readonly token: string;
}

/** One message on its way, through all of its attempts. */
interface Dispatch extends Sms {
  /** Attempts with an unknown result, including those that still run. */
  unknown: number;
}

const MAX_LENGTH = 480;
const DEFAULT_TIMEOUT_MS = 5000;
/** Within the mail's 10 s: the caller waits for both. */
const WHOLE_MS = 7_000;

/** Sends by Twilio. Its library is loaded with the first message. */
export class TwilioSmsSender implements SmsSender {
  readonly #options: TwilioOptions;
  readonly #send: (sms: Sms) => Promise<SmsReceipt>;

  constructor(options: TwilioOptions) {
    this.#options = options;
    this.#send = sendOnce((sms) => this.#create(sms), 'twilio', options);
  }

  send(sms: Sms): Promise<SmsReceipt> {
    return this.#send(sms);
  }

  async #create(sms: Sms): Promise<SmsReceipt> {
    const { accountSid, authToken, from, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const { default: twilio } = await import('twilio');
    // A new client each time: a repeat gets a connection of its own, and the last response below belongs to
    // this message.
    const client = twilio(accountSid, authToken, { timeout: timeoutMs, keepAlive: false });
    if (baseUrl) client.api.baseUrl = baseUrl;
    try {
      const { sid } = await client.messages.create({ to: sms.to, from, body: sms.text.slice(0, MAX_LENGTH) });
      return { sent: true, id: sid };
    } catch (error) {
      // The library's error leaves out the headers, and with them the wait that Twilio requests.
      const headers: unknown = client.httpClient.lastResponse?.headers;
      if (typeof error === 'object' && error !== null && headers) Object.assign(error, { headers });
      dropRequest(error);
      throw error;
    }
  }
}

/** Used without an account: shows messages on the local mail page, marked as not sent. */
export class SinkSmsSender implements SmsSender {
  readonly #options: SinkOptions;
  readonly #send: (sms: Sms) => Promise<SmsReceipt>;

  constructor(options: SinkOptions) {
    this.#options = options;
    this.#send = sendOnce((sms) => this.#show(sms), 'http', options);
  }

  send(sms: Sms): Promise<SmsReceipt> {
    return this.#send(sms);
  }

  async #show(sms: Sms): Promise<SmsReceipt> {
    const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ to: [sms.to], text: sms.text.slice(0, MAX_LENGTH) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) {
      const { status, headers } = response;
      throw Object.assign(new Error(`the page responded with ${status}`), { status, headers });
    }
    return { sent: false, id: null };
  }
}

/**
 * Repeats only a message that certainly was not received: neither Twilio nor the page detects duplicates.
 * Errors become AppErrors after that.
 */
function sendOnce(
  attempt: (sms: Sms) => Promise<SmsReceipt>,
  dependency: 'twilio' | 'http',
  { service, environment }: SmsOptions,
): (sms: Sms) => Promise<SmsReceipt> {
  const send = withSelfHealing(
    async (dispatch: Dispatch) => {
      dispatch.unknown++;
      try {
        const receipt = await attempt(dispatch);
        dispatch.unknown--;
        return receipt;
      } catch (error) {
        if (surelyUnheard(error)) dispatch.unknown--;
        throw error;
      }
    },
    {
      source: `${service}.sms.send`,
      category: 'api',
      dependency,
      deadlineMs: WHOLE_MS,
      leftNothing: surelyUnheard,
      retry: { attempts: 2, baseMs: 250, capMs: 1_000, maxRetryAfterMs: 5_000 },
      breaker: { name: 'sms', halfOpenAfterMs: 5_000, closesAfter: 1 },
      ...(environment === undefined ? {} : { environment }),
    },
  );
  return async (sms) => {
    const dispatch: Dispatch = { ...sms, unknown: 0 };
    try {
      return await send(dispatch);
    } catch (error) {
      throw smsFailure(error, dispatch.unknown > 0);
    }
  };
}
