import { Bus } from '@gridworks/bus';
import {
  accessTokensChanged,
  credentialChanged,
  credentialRevoked,
  type Principal,
  partnerResumed,
  partnerSuspended,
  sessionProved,
} from '@gridworks/contracts';
import { CacheRegistry } from '@gridworks/runtime';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type KnownCaller, PrincipalCache } from './principal-cache.ts';

type IsEnded = (principal: Principal) => boolean;

/**
 * Forgets credentials that ended, and those whose holder may do more or less than before: those ended through this gateway before the response, all others when the
 * event arrives.
 */
@Injectable()
export class CredentialInvalidator implements OnModuleInit {
  readonly #listeners: ((isEnded: IsEnded) => void)[] = [];

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
        this.#endedId(payload.id);
      });
    this.bus.listen(partnerSuspended, async ({ payload }) => {
      this.cache.dropPartner(payload.partner_id);
      this.#ended(({ partner_id }) => partner_id === payload.partner_id);
    });
    this.bus.listen(partnerResumed, async () => this.cache.forgetSuspensions());
    this.bus.listen(accessTokensChanged, async ({ payload }) => {
      for (const id of this.cache.dropAccessTokens(payload)) this.#endedId(id);
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

  /** Called with what tells the principals whose credentials are no longer valid, whether they are remembered or not. */
  onEnded(listener: (isEnded: IsEnded) => void): void {
    this.#listeners.push(listener);
  }

  /** Forgets the caller's own credential as soon as it is revoked. Returns what revoking it returned. */
  async forgetCaller<T>(caller: KnownCaller | null | undefined, revoked: Promise<T>): Promise<T> {
    const response = await revoked;
    if (caller) {
      this.cache.drop(caller.digest);
      this.#endedId(caller.principal.id);
    }
    return response;
  }

  /** Forgets the credential with this id as soon as it is revoked. Returns what revoking it returned. */
  async forgetId<T>(id: string, revoked: Promise<T>): Promise<T> {
    const response = await revoked;
    this.cache.dropId(id);
    this.#endedId(id);
    return response;
  }

  /**
   * Forgets the sessions of a user, except the spared one, as soon as they are revoked. Returns what revoking
   * them returned.
   */
  async forgetSessionsOf<T>(userId: string, spared: string | null, revoked: Promise<T>): Promise<T> {
    const response = await revoked;
    this.cache.dropSessionsOf(userId, spared);
    this.#ended(({ kind, id, user_id }) => kind === 'session' && user_id === userId && id !== spared);
    return response;
  }

  #endedId(id: string): void {
    this.#ended((principal) => principal.id === id);
  }

  #ended(isEnded: IsEnded): void {
    for (const listener of this.#listeners) listener(isEnded);
  }
}
