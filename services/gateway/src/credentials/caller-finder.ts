import { AppError, CREDENTIAL_REFUSED, parseCredential, UNAUTHENTICATED } from '@gridworks/contracts';
import type { KnownCaller, PrincipalCache } from './principal-cache.ts';
import { readBearer } from './read-bearer.ts';

/** Counts refused credentials of a network address, so that guessing has an end. */
export interface GuessLimit {
  /** Throws `GATEWAY.QUOTA_EXCEEDED` when the address has guessed too often. */
  check(address: string): void;
  count(address: string): void;
}

/** Finds out who calls, from the `Authorization` header. */
export class CallerFinder {
  constructor(
    readonly cache: PrincipalCache,
    readonly guesses: GuessLimit,
  ) {}

  /**
   * The caller, at once when it is remembered. Throws or rejects with `PLATFORM.UNAUTHENTICATED` (none given),
   * `AUTH.CREDENTIAL_REFUSED`, `GATEWAY.QUOTA_EXCEEDED` (too many refused ones from this address), or with
   * `PLATFORM.UNAVAILABLE` when auth is needed and away.
   */
  find(authorization: string | undefined, address: string): KnownCaller | Promise<KnownCaller> {
    const text = readBearer(authorization);
    if (text === null)
      throw new AppError(UNAUTHENTICATED, {
        detail: 'Send a key or a session token as Authorization: Bearer.',
      });
    const credential = parseCredential(text);
    if (!credential || !this.cache.knows(credential.digest)) this.guesses.check(address);
    if (!credential) {
      this.guesses.count(address);
      throw new AppError(CREDENTIAL_REFUSED);
    }
    try {
      const found = this.cache.find(credential.kind, credential.digest);
      return found instanceof Promise ? found.catch((error) => this.#refused(error, address)) : found;
    } catch (error) {
      return this.#refused(error, address);
    }
  }

  #refused(error: unknown, address: string): never {
    if (error instanceof AppError && error.code === CREDENTIAL_REFUSED.code) this.guesses.count(address);
    throw error;
  }
}
