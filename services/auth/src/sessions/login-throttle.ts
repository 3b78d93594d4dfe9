import { createHash } from 'node:crypto';
import { AppError, TOO_MANY_LOGINS } from '@gridworks/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ATTEMPT_COUNTER, type AttemptCounter } from './attempt-counter.ts';
import { clientNetwork } from './client-network.ts';

/** Counted from the first try on; then all tries are forgotten at once. */
export const LOGIN_WINDOW_MS = 15 * 60_000;
export const MAX_TRIES_PER_ACCOUNT = 10;
/** Higher, since many people may stand behind one address; log-ins that succeed are taken off again. */
export const MAX_TRIES_PER_NETWORK = 100;

export interface LoginAttempt {
  /** The password was right: forgets the account's tries and takes this one off the network's. */
  succeeded(): Promise<void>;
  /** The password was not looked at after all: takes the try back. */
  takeBack(): Promise<void>;
}

/**
 * Bounds how often a password can be guessed. Tries are counted before the password is looked at, so that many at
 * the same moment get no further than one after another. Unknown addresses count like known ones.
 */
@Injectable()
export class LoginThrottle {
  readonly #counter: AttemptCounter;

  constructor(@Inject(ATTEMPT_COUNTER) counter: AttemptCounter) {
    this.#counter = counter;
  }

  /**
   * Counts a try. Throws `AUTH.TOO_MANY_LOGINS`, with the time until the window ends, when the account or the
   * caller's network had too many. Refused tries do not prolong the window.
   */
  async admit(email: string, clientIp: string | undefined): Promise<LoginAttempt> {
    const account = key('account', email);
    const network = clientIp === undefined ? null : key('network', clientNetwork(clientIp));
    const [ofAccount, ofNetwork] = await Promise.all([
      this.#counter.add(account, LOGIN_WINDOW_MS),
      network ? this.#counter.add(network, LOGIN_WINDOW_MS) : null,
    ]);
    const waits: number[] = [];
    if (ofAccount.count > MAX_TRIES_PER_ACCOUNT) waits.push(ofAccount.endsInMs);
    if (ofNetwork && ofNetwork.count > MAX_TRIES_PER_NETWORK) waits.push(ofNetwork.endsInMs);
    if (waits.length > 0)
      throw new AppError(TOO_MANY_LOGINS, {
        detail: 'Too many log-ins were tried. Wait before you try again.',
        retryAfterMs: Math.max(...waits),
      });
    return {
      succeeded: async () => {
        await Promise.all([this.#counter.forget(account), network && this.#counter.takeBack(network)]);
      },
      takeBack: async () => {
        await Promise.all([this.#counter.takeBack(account), network && this.#counter.takeBack(network)]);
      },
    };
  }
}

// Hashed: the counter's store has no business knowing addresses.
function key(kind: 'account' | 'network', text: string): string {
  return `auth:login:${kind}:${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
}
