import {
  AppError,
  CREDENTIAL_REFUSED,
  type ParsedCredential,
  parseCredential,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { runInContext } from '@gridworks/observability';
import type { KnownCaller, PrincipalCache } from './principal-cache.ts';

/** Counts refused credentials of a network address, to limit guessing. */
export interface GuessLimit {
  /** Counts a credential before it is verified. Throws `GATEWAY.QUOTA_EXCEEDED` when the address has guessed too often. */
  beginGuess(address: string): void;
  /** Call after the verification, also when it failed to run: only a wrong credential stays counted. */
  endGuess(address: string, wasWrong: boolean): void;
}

/** The request whose caller is searched. */
export interface FoundFor {
  readonly address: string;
  readonly requestId: string;
  readonly traceparent: string;
}

/** Finds the caller from the credential in the request. */
export class CallerFinder {
  constructor(
    readonly cache: PrincipalCache,
    readonly guesses: GuessLimit,
  ) {}

  /**
   * Returns the caller, at once when the caller is remembered. Throws or rejects with
   * `PLATFORM.UNAUTHENTICATED` (no credential), `AUTH.CREDENTIAL_REFUSED`, `GATEWAY.QUOTA_EXCEEDED` (too many
   * refused ones from this address), or `PLATFORM.UNAVAILABLE` when auth is needed and away.
   * @param text the whole key or token; null when none was given
   * @param onStranger called before auth is requested for a credential that was not seen lately; may throw
   */
  find(
    text: string | null,
    call: FoundFor,
    onStranger: () => void = () => undefined,
  ): KnownCaller | Promise<KnownCaller> {
    if (text === null)
      throw new AppError(UNAUTHENTICATED, {
        detail: 'Send a key or a session token as a bearer token, in the Authorization header.',
      });
    const credential = parseCredential(text);
    if (credential && this.cache.remembers(credential.digest)) return this.cache.find(credential);
    onStranger();
    this.guesses.beginGuess(call.address);
    const { requestId, traceparent } = call;
    // The verification has a deadline of its own, since its result is shared with other calls.
    return runInContext({ requestId, traceparent, deadlineAt: undefined, principal: undefined }, () =>
      this.#verify(credential, call.address),
    );
  }

  async #verify(credential: ParsedCredential | null, address: string): Promise<KnownCaller> {
    let wasWrong = false;
    try {
      if (!credential) throw new AppError(CREDENTIAL_REFUSED);
      return await this.cache.find(credential);
    } catch (error) {
      wasWrong = error instanceof AppError && error.code === CREDENTIAL_REFUSED.code;
      throw error;
    } finally {
      this.guesses.endGuess(address, wasWrong);
    }
  }
}
