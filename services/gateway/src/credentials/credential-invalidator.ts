import { Bus } from '@gridworks/bus';
import {
  accessTokensChanged,
  credentialChanged,
  credentialRevoked,
  partnerResumed,
  partnerSuspended,
  sessionProved,
} from '@gridworks/contracts';
import { CacheRegistry } from '@gridworks/runtime';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type KnownCaller, PrincipalCache } from './principal-cache.ts';

/**
 * Forgets credentials that ended, and those whose holder may do more or less than before: those ended through this gateway before the response, all others when the
 * event arrives.
 */
@Injectable()
export class CredentialInvalidator implements OnModuleInit {
  readonly #listeners: ((id: string) => void)[] = [];

  constructor(
    readonly cache: PrincipalCache,
    readonly bus: Bus,
    readonly caches: CacheRegistry,
  ) {}

  onModuleInit(): void {
    this.caches.register(
      'principals',
      () => this.cache.clear(),
      () => this.cache.counts,
    );
    // A stream that was opened with the old role ends, too: its page opens another one, if it may.
    for (const event of [credentialRevoked, credentialChanged])
      this.bus.listen(event, async ({ payload }) => {
        this.cache.drop(payload.digest);
        this.#ended(payload.id);
      });
    this.bus.listen(partnerSuspended, async ({ payload }) => {
      for (const id of this.cache.dropPartner(payload.partner_id)) this.#ended(id);
    });
    this.bus.listen(partnerResumed, async () => this.cache.forgetSuspensions());
    this.bus.listen(accessTokensChanged, async ({ payload }) => {
      for (const id of this.cache.dropAccessTokens(payload)) this.#ended(id);
    });
    // The session goes on; what is known of its proof is old.
    this.bus.listen(sessionProved, async (event) => this.cache.drop(event.payload.digest));
  }

  /**
   * Asks auth again for the caller's own principal, from the response on: the person has proved who they are. The session
   * and its streams go on. Returns what proving it returned.
   */
  async renewCaller<T>(caller: KnownCaller | null | undefined, proved: Promise<T>): Promise<T> {
    const response = await proved;
    if (caller) this.cache.drop(caller.digest);
    return response;
  }

  /** Called with the id of a credential that is no longer valid. */
  onEnded(listener: (id: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Forgets the caller's own credential as soon as it is revoked. Returns what revoking it returned. */
  async forgetCaller<T>(caller: KnownCaller | null | undefined, revoked: Promise<T>): Promise<T> {
    const response = await revoked;
    if (caller) {
      this.cache.drop(caller.digest);
      this.#ended(caller.principal.id);
    }
    return response;
  }

  /** Forgets the credential with this id as soon as it is revoked. Returns what revoking it returned. */
  async forgetId<T>(id: string, revoked: Promise<T>): Promise<T> {
    const response = await revoked;
    this.cache.dropId(id);
    this.#ended(id);
    return response;
  }

  /**
   * Forgets the sessions of a user, except the spared one, as soon as they are revoked. Returns what revoking
   * them returned.
   */
  async forgetSessionsOf<T>(userId: string, spared: string | null, revoked: Promise<T>): Promise<T> {
    const response = await revoked;
    for (const id of this.cache.dropSessionsOf(userId, spared)) this.#ended(id);
    return response;
  }

  #ended(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
