import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { AppError, AUTHORIZATION_NOT_FOUND, type Permission, type Principal } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { InteractionResults } from 'oidc-provider';
import { Issuer } from '../issuer.ts';
import { OAuthProvider } from '../provider/oauth-provider.ts';

/** What an application has asked the provider for, in the browser that it was begun in. */
export interface PendingAuthorization {
  readonly uid: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** As the application sent them, the scopes of OpenID among them. */
  readonly scopes: readonly string[];
}

/** What a person grants. */
export interface Consent {
  readonly person: Principal & { readonly user_id: string };
  /** Those that the application gets. */
  readonly granted: readonly Permission[];
  /** Those that it has asked for and does not get. */
  readonly refused: readonly string[];
  readonly identity: boolean;
}

/**
 * The provider's side of the page that asks a person. An authorization is known only to the browser that began it, by a
 * signed cookie: whoever learns its address alone can neither see nor decide it, and nobody can have another person
 * accept what they began themselves.
 */
@Injectable()
export class Interactions {
  constructor(
    private readonly provider: OAuthProvider,
    private readonly issuer: Issuer,
  ) {}

  /** Throws `AUTH.AUTHORIZATION_NOT_FOUND`. */
  async find(uid: string, cookies: string | undefined): Promise<PendingAuthorization> {
    const { params } = await this.#open(uid, cookies);
    return {
      uid,
      clientId: String(params.client_id),
      redirectUri: String(params.redirect_uri),
      scopes: typeof params.scope === 'string' ? params.scope.split(' ') : [],
    };
  }

  /** Grants what the person accepts. Returns the path by which the browser goes on. */
  async accept(uid: string, cookies: string | undefined, consent: Consent): Promise<string> {
    const provider = await this.provider.current();
    const { params } = await this.#open(uid, cookies);
    const accountId = consent.person.user_id;
    const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
    if (consent.identity) grant.addOIDCScope('openid');
    if (consent.granted.length > 0) grant.addResourceScope(this.issuer.url, consent.granted.join(' '));
    if (consent.refused.length > 0) grant.rejectResourceScope(this.issuer.url, consent.refused.join(' '));
    const provedAt = Date.parse(consent.person.authenticated_at ?? '');
    return this.#finish(uid, cookies, {
      login: {
        accountId,
        remember: false,
        ...(Number.isNaN(provedAt) ? {} : { ts: Math.floor(provedAt / 1000) }),
      },
      consent: { grantId: await grant.save() },
    });
  }

  refuse(uid: string, cookies: string | undefined): Promise<string> {
    return this.#finish(uid, cookies, {
      error: 'access_denied',
      error_description: 'the person has refused',
    });
  }

  async #open(uid: string, cookies: string | undefined) {
    const provider = await this.provider.current();
    const { request, response } = this.#exchange(cookies);
    const found = await provider.interactionDetails(request, response).catch(lost);
    if (found.uid !== uid) throw new AppError(AUTHORIZATION_NOT_FOUND);
    return found;
  }

  async #finish(uid: string, cookies: string | undefined, result: InteractionResults): Promise<string> {
    await this.#open(uid, cookies);
    const provider = await this.provider.current();
    const { request, response } = this.#exchange(cookies);
    const next = await provider
      .interactionResult(request, response, result, { mergeWithLastSubmission: false })
      .catch(lost);
    return new URL(next).pathname;
  }

  /** The library reads the cookies of a request of Node; there is none. */
  #exchange(cookies = ''): { request: IncomingMessage; response: ServerResponse } {
    const request = new IncomingMessage(new Socket());
    Object.assign(request.headers, this.issuer.headers, { cookie: cookies });
    request.url = '/';
    return { request, response: new ServerResponse(request) };
  }
}

/** The library is loaded by the provider alone, so its error is known by name. */
function lost(error: Error): never {
  if (error.name === 'SessionNotFound') throw new AppError(AUTHORIZATION_NOT_FOUND, { cause: error });
  throw error;
}
