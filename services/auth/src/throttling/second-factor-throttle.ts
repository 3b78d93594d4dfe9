import { TOO_MANY_LOGINS } from '@gridworks/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { type LoginAttempt, LoginThrottle } from './login-throttle.ts';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { counterKey, takeAttempt } from './take-attempt.ts';

/** Wrong codes of six digits on one account in a day, from everywhere. */
export const MAX_CODES_A_DAY = 100;
const DAY_S = 86_400;

/**
 * Bounds how often a second factor can be guessed by somebody who has the password or the session. The bounds are those of
 * log-ins, counted apart. A code of an authenticator app is short: three of a million are right at a time, so that a day
 * has a bound, too: a guesser has one chance in 3,300. Passkeys and recovery codes cannot be guessed; they are the way out
 * of that bound.
 */
@Injectable()
export class SecondFactorThrottle {
  readonly #ofDay: RateLimiterAbstract;

  constructor(
    private readonly logins: LoginThrottle,
    @Inject(LIMITERS) limiters: Limiters,
  ) {
    this.#ofDay = limiters.of({ name: 'second-factor-day', points: MAX_CODES_A_DAY, seconds: DAY_S });
  }

  /** Counts an attempt for the id of a person, or an address; see `LoginThrottle.admit`. `isCode`: a code of six digits. */
  async admit(
    person: string,
    clientIp: string | undefined,
    isKnown: boolean,
    isCode: boolean,
  ): Promise<LoginAttempt> {
    const attempt = await this.logins.admit(`second factor of ${person}`, clientIp, isKnown);
    if (!isCode) return attempt;
    const day = { limiter: this.#ofDay, key: counterKey(person) };
    await takeAttempt(
      [day],
      TOO_MANY_LOGINS,
      'Too many wrong codes today. Use a passkey or a recovery code, or wait.',
    );
    return {
      succeeded: async () => {
        await Promise.all([attempt.succeeded(), day.limiter.delete(day.key)]);
      },
      takeBack: async () => {
        await Promise.all([attempt.takeBack(), day.limiter.reward(day.key)]);
      },
    };
  }
}
