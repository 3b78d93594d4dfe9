import { AppError } from '@gridworks/contracts';
import { probeTwilio, type TwilioAccount } from '@gridworks/notifications';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { type CheckOutcome, measured, type RunnableCheck } from '../check-outcome.ts';
import type { ExternalConfig } from './external.config.ts';

const REFUSED: readonly unknown[] = [401, 403];

/** Whether Twilio knows our account. Sends no SMS. */
@Injectable()
export class TwilioCheck implements RunnableCheck {
  readonly name = 'twilio';
  readonly #account: TwilioAccount | null;

  constructor(@Inject(CONFIG) { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, MONITOR_TWILIO_URL }: ExternalConfig) {
    this.#account =
      TWILIO_ACCOUNT_SID && TWILIO_AUTH_TOKEN
        ? { accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN, baseUrl: MONITOR_TWILIO_URL }
        : null;
  }

  get configured(): boolean {
    return this.#account !== null;
  }

  attempt(timeoutMs: number): Promise<CheckOutcome> {
    return measured(() => probeTwilio(this.#account!, timeoutMs), describe);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof AppError)) return String(error);
  const { status } = (error.details ?? {}) as { status?: unknown };
  if (!REFUSED.includes(status)) return `Twilio does not respond as it should: ${error.message}`;
  return `Twilio refuses the account, check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: ${error.message}`;
}
