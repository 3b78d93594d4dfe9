import { AppError, EMAIL_TAKEN, TOO_MANY_REGISTRATIONS } from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { LIMITERS, type Limiters } from './redis-limiters.ts';
import { counterKey, giveBack, takeAttempt } from './take-attempt.ts';

const SECONDS = 3600;
/** Registrations that one network may try in an hour, successful or not. */
export const MAX_REGISTRATIONS = 100;
/**
 * How many of these responses may say that an address is taken. After that the network learns nothing more.
 */
export const MAX_TAKEN = 20;

export interface RegistrationAttempt {
  /** The address was registered: the caller learned nothing about other users. */
  succeeded(): Promise<void>;
  /** The address was not checked: subtracts the attempt. */
  takeBack(): Promise<void>;
}

/** Bounds how many addresses a caller can check by trying to register them. */
@Injectable()
export class RegistrationThrottle {
  readonly #all: RateLimiterAbstract;
  readonly #taken: RateLimiterAbstract;

  constructor(@Inject(LIMITERS) limiters: Limiters) {
    this.#all = limiters.of({ name: 'register', points: MAX_REGISTRATIONS, seconds: SECONDS });
    this.#taken = limiters.of({ name: 'register-taken', points: MAX_TAKEN, seconds: SECONDS });
  }

  /**
   * Counts an attempt as one that finds the address taken, so that simultaneous attempts have the same bound
   * as consecutive ones. Throws `AUTH.TOO_MANY_REGISTRATIONS`, for any address, with the time until the
   * window ends.
   */
  async admit(clientIp: string | undefined): Promise<RegistrationAttempt> {
    const key = counterKey(clientIp === undefined ? '' : clientNetwork(clientIp));
    const taken = { limiter: this.#taken, key };
    const all = { limiter: this.#all, key };
    await takeAttempt(
      [taken, all],
      TOO_MANY_REGISTRATIONS,
      'Too many registrations were tried from your network. Wait before you try again.',
    );
    return { succeeded: () => giveBack([taken]), takeBack: () => giveBack([taken, all]) };
  }

  /** Counts a registration. It stays counted only when the caller has learned that an address is taken. */
  async register<T>(clientIp: string | undefined, run: () => Promise<T>): Promise<T> {
    const attempt = await this.admit(clientIp);
    try {
      const registered = await run();
      await attempt.succeeded();
      return registered;
    } catch (error) {
      if (!(error instanceof AppError && error.code === EMAIL_TAKEN.code)) await attempt.takeBack();
      throw error;
    }
  }
}
