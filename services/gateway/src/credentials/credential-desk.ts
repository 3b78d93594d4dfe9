import { Bus } from '@gridworks/bus';
import { credentialRevoked } from '@gridworks/contracts';
import { CacheRegistry } from '@gridworks/runtime';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { PrincipalCache } from './principal-cache.ts';

/** Forgets credentials that ended: those ended through this door before the answer, all others when the event arrives. */
@Injectable()
export class CredentialDesk implements OnModuleInit {
  readonly #listeners: ((id: string) => void)[] = [];

  constructor(
    readonly cache: PrincipalCache,
    readonly bus: Bus,
    readonly caches: CacheRegistry,
  ) {}

  onModuleInit(): void {
    this.caches.register('principals', () => this.cache.clear());
    this.bus.listen(credentialRevoked, async (event) => {
      this.cache.drop(event.payload.digest);
      this.#ended(event.payload.id);
    });
  }

  /** Called with the id of a credential that is no longer valid. */
  onEnded(listener: (id: string) => void): void {
    this.#listeners.push(listener);
  }

  async forgetCaller<T>(request: PublicRequest, revoked: Promise<T>): Promise<T> {
    const answer = await revoked;
    const caller = request.call?.caller;
    if (caller) {
      this.cache.drop(caller.digest);
      this.#ended(caller.principal.id);
    }
    return answer;
  }

  /** Forgets the credential that the path of this request names. */
  async forgetId<T>(request: PublicRequest, revoked: Promise<T>): Promise<T> {
    const answer = await revoked;
    const { id } = request.params as { id: string };
    this.cache.dropId(id);
    this.#ended(id);
    return answer;
  }

  #ended(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
