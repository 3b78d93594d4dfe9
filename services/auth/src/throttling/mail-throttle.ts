import { TOO_MANY_MAILS } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { counterKey, takeAttempt } from './take-attempt.ts';

const SECONDS = 3600;
/** Mails that can be requested for one address in an hour, whether it has an account or not. */
export const MAX_MAILS_TO_ADDRESS = 5;
/** Mails that one network can request in an hour. */
export const MAX_MAILS_FROM_NETWORK = 60;

/** Bounds the mails that anybody can make the portal send. */
@Injectable()
export class MailThrottle {
  readonly #to: RateLimiterAbstract;
  readonly #from: RateLimiterAbstract;

  constructor(@Inject(LIMITERS) limiters: Limiters) {
    this.#to = limiters.of({ name: 'mail-to', points: MAX_MAILS_TO_ADDRESS, seconds: SECONDS });
    this.#from = limiters.of({ name: 'mail-from', points: MAX_MAILS_FROM_NETWORK, seconds: SECONDS });
  }

  /** Throws `AUTH.TOO_MANY_MAILS`, the same for every address, with the time until the window ends. */
  async admit(email: string, clientIp: string | undefined): Promise<void> {
    const to = { limiter: this.#to, key: counterKey(email) };
    const from =
      clientIp === undefined ? [] : [{ limiter: this.#from, key: counterKey(clientNetwork(clientIp)) }];
    await takeAttempt(
      [to, ...from],
      TOO_MANY_MAILS,
      'Mails were requested for this address, or from your network, too often. Look into the mailbox, also for spam, or wait.',
    );
  }
}
