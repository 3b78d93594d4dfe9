import { TOO_MANY_LOGINS } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LOGIN_WINDOW_MS } from './login-throttle.ts';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { counterKey, takeAttempt } from './take-attempt.ts';

/** Log-ins with providers that one network can begin in 15 minutes. An office has one network. */
export const MAX_ATTEMPTS_PER_NETWORK = 300;

/** Bounds the rows, and the requests to providers, that anybody can make the portal make. */
@Injectable()
export class AttemptThrottle {
  readonly #begun: RateLimiterAbstract;

  constructor(@Inject(LIMITERS) limiters: Limiters) {
    this.#begun = limiters.of({
      name: 'log-in-attempts',
      points: MAX_ATTEMPTS_PER_NETWORK,
      seconds: LOGIN_WINDOW_MS / 1000,
    });
  }

  /** Throws `AUTH.TOO_MANY_LOGINS` with the time until the window ends. */
  async admit(clientIp: string | undefined): Promise<void> {
    const key = counterKey(clientIp === undefined ? '' : clientNetwork(clientIp));
    await takeAttempt(
      [{ limiter: this.#begun, key }],
      TOO_MANY_LOGINS,
      'Too many log-ins were begun from your network. Wait before you try again.',
    );
  }
}
