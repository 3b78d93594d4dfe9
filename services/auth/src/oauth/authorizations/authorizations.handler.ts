import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  decideAuthorization,
  getAuthorization,
  mayDo,
  OTHER_PARTNERS_APPLICATION,
  type OutputOf,
  type ParsedInputOf,
  type Permission,
  type Principal,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApplicationRepository } from '../../applications/application.repository.ts';
import type { Application } from '../../applications/application.ts';
import { PartnerRepository } from '../../partners/partner.repository.ts';
import { presentPartner } from '../../partners/partner.ts';
import { scopesOf } from '../provider/application-scopes.ts';
import { ApplicationAccessRepository } from './application-access.repository.ts';
import { Interactions, type PendingAuthorization } from './interactions.ts';

/** What an application asks this person for. */
interface Asked {
  readonly pending: PendingAuthorization;
  readonly application: Application;
  readonly person: Principal & { readonly user_id: string };
  readonly scopes: readonly Permission[];
  readonly granted: readonly Permission[];
  readonly identity: boolean;
}

/** The page of the console that asks a person what an application may do. */
@Controller()
export class AuthorizationsHandler {
  constructor(
    private readonly database: Database,
    private readonly interactions: Interactions,
    private readonly applications: ApplicationRepository,
    private readonly accesses: ApplicationAccessRepository,
    private readonly partners: PartnerRepository,
  ) {}

  @HandleRequest(getAuthorization)
  async get(
    { uid, cookies }: ParsedInputOf<typeof getAuthorization>,
    call: CallContext,
  ): Promise<OutputOf<typeof getAuthorization>> {
    const { pending, application, person, scopes, granted, identity } = await this.#asked(uid, cookies, call);
    const [partner, accepted] = await Promise.all([
      this.partners.find(application.partner_id),
      this.accesses.scopesOf(person.user_id, application),
    ]);
    if (!partner) throw new AppError(OTHER_PARTNERS_APPLICATION);
    const wanted = [...scopes, ...(identity ? ['openid'] : [])];
    return {
      object: 'authorization',
      uid,
      application: { id: application.id, name: application.name },
      partner: presentPartner(partner),
      ...{ scopes: [...scopes], granted: [...granted], identity },
      // Nobody knows which program on a device uses the id of a native application (RFC 8252, 8.6): it asks each time.
      remembered:
        application.kind !== 'native' &&
        accepted.length > 0 &&
        wanted.every((scope) => accepted.includes(scope)),
      returns_to: hostOf(pending.redirectUri),
    };
  }

  /** Repeating with another answer is refused: the interaction ends when the browser goes on. */
  @HandleRequest(decideAuthorization)
  async decide(
    { uid, cookies, accept }: ParsedInputOf<typeof decideAuthorization>,
    call: CallContext,
  ): Promise<OutputOf<typeof decideAuthorization>> {
    const { application, person, scopes, granted, identity } = await this.#asked(uid, cookies, call);
    noteAct({ object_id: application.id, partner_id: application.partner_id, after: { scopes: granted } });
    const decision = { object: 'authorization_decision', application_id: application.id } as const;
    if (!accept)
      return { ...decision, accepted: false, redirect_to: await this.interactions.refuse(uid, cookies) };
    const refused = scopes.filter((scope) => !granted.includes(scope));
    const wanted = [...scopes, ...(identity ? ['openid'] : [])];
    await this.database.transaction((tx) =>
      this.accesses.accept(tx, person.user_id, application, wanted, new Date()),
    );
    const next = await this.interactions.accept(uid, cookies, { person, granted, refused, identity });
    return { ...decision, accepted: true, redirect_to: next };
  }

  /** An application serves the people of its own partner: its tokens are never for the data of another one. */
  async #asked(uid: string, cookies: string | undefined, call: CallContext): Promise<Asked> {
    const caller = callerOf(call as { principal: Principal | undefined });
    const { user_id: userId, partner_id: partnerId } = caller;
    const pending = await this.interactions.find(uid, cookies);
    const application =
      userId && partnerId ? await this.applications.find(partnerId, pending.clientId) : null;
    if (!userId || !application || application.revoked_at) throw new AppError(OTHER_PARTNERS_APPLICATION);
    const person = { ...caller, user_id: userId };
    const scopes = scopesOf(application).filter((scope) => pending.scopes.includes(scope));
    return {
      ...{ pending, application, person, scopes },
      granted: scopes.filter((scope) => mayDo(scope, person)),
      identity: pending.scopes.includes('openid'),
    };
  }
}

/** The host of an address; of an application on the device its scheme. */
function hostOf(uri: string): string {
  const { host, protocol } = new URL(uri);
  return host || protocol.slice(0, -1);
}
