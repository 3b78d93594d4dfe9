import { TOO_MANY_LOGINS } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { type Counted, counterKey, giveBack, takeAttempt } from './take-attempt.ts';

/** Counted from the first try on; then all tries are forgotten at once. */
export const LOGIN_WINDOW_MS = 15 * 60_000;
/** On one account from one network. */
export const MAX_TRIES = 10;
/** On one account from all networks together from which nobody has logged in to it before. */
export const MAX_TRIES_BY_STRANGERS = 30;
/** Higher, since many people may stand behind one address; log-ins that succeed are taken off again. */
export const MAX_TRIES_PER_NETWORK = 100;

export interface LoginAttempt {
  /** The password was right: forgets the tries of this network on the account, and takes this one off the others. */
  succeeded(): Promise<void>;
  /** The password was not looked at after all: takes the try back. */
  takeBack(): Promise<void>;
}

/**
 * Bounds how often a password can be guessed, without locking its owner out. Tries are counted before the password is
 * looked at, so that many at the same moment get no further than one after another. Unknown addresses count like known ones.
 */
@Injectable()
export class LoginThrottle {
  readonly #ofPair: RateLimiterAbstract;
  readonly #ofStrangers: RateLimiterAbstract;
  readonly #ofNetwork: RateLimiterAbstract;

  constructor(@Inject(LIMITERS) limiters: Limiters) {
    const seconds = LOGIN_WINDOW_MS / 1000;
    this.#ofPair = limiters.of({ name: 'login-pair', points: MAX_TRIES, seconds });
    this.#ofStrangers = limiters.of({ name: 'login-account', points: MAX_TRIES_BY_STRANGERS, seconds });
    this.#ofNetwork = limiters.of({ name: 'login-network', points: MAX_TRIES_PER_NETWORK, seconds });
  }

  /**
   * Counts a try. Throws `AUTH.TOO_MANY_LOGINS`, with the time until the window ends, when this network had too many, on
   * the account or on all; or strangers on the account, which a known network (`isKnown`: this account was logged in to
   * from there before) has nothing to do with.
   */
  async admit(email: string, clientIp: string | undefined, isKnown: boolean): Promise<LoginAttempt> {
    const network = clientIp === undefined ? '' : clientNetwork(clientIp);
    const pair: Counted = { limiter: this.#ofPair, key: counterKey(email, network) };
    const shared: Counted[] = [];
    if (network !== '') shared.push({ limiter: this.#ofNetwork, key: counterKey(network) });
    await this.#take([pair, ...shared]);
    // Only now: one network that goes on guessing does not use up what is left to the others.
    if (!isKnown) {
      const strangers = { limiter: this.#ofStrangers, key: counterKey(email) };
      await this.#take([strangers]);
      shared.push(strangers);
    }
    return {
      succeeded: async () => {
        await Promise.all([this.#ofPair.delete(pair.key), giveBack(shared)]);
      },
      takeBack: () => giveBack([pair, ...shared]),
    };
  }

  #take(counted: readonly Counted[]): Promise<void> {
    return takeAttempt(counted, TOO_MANY_LOGINS, 'Too many log-ins were tried. Wait before you try again.');
  }
}
