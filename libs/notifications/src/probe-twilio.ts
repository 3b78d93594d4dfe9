import { dropRequest, smsFailure } from './sms-failure.ts';

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** Default: Twilio's own address. */
  readonly baseUrl?: string | undefined;
}

/**
 * Whether Twilio takes our requests: reads the account, and sends no SMS.
 * @param timeoutMs how long the request may take, in milliseconds
 * @throws AppError NOTIFICATIONS.DEFERRED (it is away, it hangs) or NOTIFICATIONS.REFUSED (the credentials are wrong,
 *   the account is closed, it responds with an error)
 */
export async function probeTwilio(
  { accountSid, authToken, baseUrl }: TwilioAccount,
  timeoutMs: number,
): Promise<void> {
  const { default: twilio } = await import('twilio');
  const client = twilio(accountSid, authToken, { timeout: timeoutMs, keepAlive: false });
  if (baseUrl) client.api.baseUrl = baseUrl;
  try {
    const { status } = await client.api.v2010.accounts(accountSid).fetch();
    if (status !== 'active') throw Object.assign(new Error(`the account is ${status}`), { status: 403 });
  } catch (error) {
    dropRequest(error);
    throw smsFailure(error, false);
  }
}
