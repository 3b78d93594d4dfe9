import { AppError } from '@gridworks/contracts';
import { NOTIFICATION_REFUSED, probeSmtp } from '@gridworks/notifications';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { type CheckOutcome, measured, type RunnableCheck } from '../check-outcome.ts';
import type { ExternalConfig } from './external.config.ts';

/** Whether the mail server of the healer takes our mail. Sends none. */
@Injectable()
export class SmtpCheck implements RunnableCheck {
  readonly name = 'smtp';
  readonly #url: string | undefined;

  constructor(@Inject(CONFIG) config: ExternalConfig) {
    this.#url = config.SMTP_URL;
  }

  get configured(): boolean {
    return this.#url !== undefined;
  }

  attempt(timeoutMs: number): Promise<CheckOutcome> {
    return measured(() => probeSmtp(this.#url!, timeoutMs), describe);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof AppError)) return String(error);
  if (error.code !== NOTIFICATION_REFUSED.code) return `the mail server does not respond: ${error.message}`;
  return `the mail server refuses us, check user and password in SMTP_URL: ${error.message}`;
}
