import { TOO_MANY_INVITATIONS } from '@gridworks/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { counterKey, takeAttempt } from './take-attempt.ts';

/** Mails with invitations that one partner can send in a day. */
export const MAX_INVITATIONS = 100;

/** Bounds the mails to strangers that a partner can make the portal send. */
@Injectable()
export class InvitationThrottle {
  readonly #sent: RateLimiterAbstract;

  constructor(@Inject(LIMITERS) limiters: Limiters) {
    this.#sent = limiters.of({ name: 'invitations', points: MAX_INVITATIONS, seconds: 86_400 });
  }

  /** Throws `AUTH.TOO_MANY_INVITATIONS` with the time until the window ends. */
  async admit(list: string): Promise<void> {
    await takeAttempt(
      [{ limiter: this.#sent, key: counterKey(list) }],
      TOO_MANY_INVITATIONS,
      `A partner sends at most ${MAX_INVITATIONS} invitations a day.`,
    );
  }
}
