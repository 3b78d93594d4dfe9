import { TOO_MANY_LOGINS } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { type Counted, counterKey, giveBack, takeAttempt } from './take-attempt.ts';

/** The window begins with the first attempt; at its end all attempts are forgotten at once. */
export const LOGIN_WINDOW_MS = 15 * 60_000;
/** Attempts on one account from one network. */
export const MAX_TRIES = 10;
/** Attempts on one account from all networks together that have no earlier log-in to it. */
export const MAX_TRIES_BY_STRANGERS = 30;
/**
 * Attempts of one network. Higher, since many people may share one address; successful log-ins are
 * subtracted.
 */
export const MAX_TRIES_PER_NETWORK = 100;

export interface LoginAttempt {
  /**
   * The password was right: forgets the attempts of this network on the account, and subtracts this one from
   * the other counts.
   */
  succeeded(): Promise<void>;
  /** The password was not checked: subtracts the attempt. */
  takeBack(): Promise<void>;
}

/**
 * Bounds how often a password can be guessed, without locking its owner out. Attempts are counted before the
 * password is checked, so that simultaneous attempts have the same bound as consecutive ones. Unknown
 * addresses count like known ones.
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
   * Counts an attempt. Throws `AUTH.TOO_MANY_LOGINS`, with the time until the window ends, when this network
   * had too many attempts on the account or on all accounts, or when unknown networks had too many on the
   * account. The last bound does not apply to a known network (`isKnown`: it has an earlier log-in to this
   * account).
   */
  async admit(email: string, clientIp: string | undefined, isKnown: boolean): Promise<LoginAttempt> {
    const network = clientIp === undefined ? '' : clientNetwork(clientIp);
    const pair: Counted = { limiter: this.#ofPair, key: counterKey(email, network) };
    const shared: Counted[] = [];
    if (network !== '') shared.push({ limiter: this.#ofNetwork, key: counterKey(network) });
    await this.#take([pair, ...shared]);
    // Counted last, so that one network that keeps guessing does not use up the attempts of others.
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
