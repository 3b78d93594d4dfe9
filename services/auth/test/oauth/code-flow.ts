import {
  changeMemberRole,
  type createApplication,
  createSession,
  type decideAuthorization,
  type InputOf,
  newId,
  type OutputOf,
  removeMember,
} from '@gridworks/contracts';
import { expect } from '@jest/globals';
import { PASSWORD } from '../auth-under-test.ts';
import {
  type MadeApplication,
  type OAuthUnderTest,
  type Person,
  pkce,
  type TokenResponse,
} from './oauth-under-test.ts';

export const REDIRECT_URI = 'https://app.example.com/callback';

/** An authorization that a browser has begun. */
export interface Begun {
  readonly uid: string;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** The steps of an authorization code with PKCE, as an application and a browser make them. */
export class CodeFlow {
  constructor(private readonly oauth: OAuthUnderTest) {}

  async make(
    input: Partial<InputOf<typeof createApplication>> = {},
  ): Promise<{ owner: Person; app: MadeApplication }> {
    const owner = await this.oauth.person();
    const app = await this.oauth.application(owner.principal, {
      ...{ name: 'Helpdesk', kind: 'web', redirect_uris: [REDIRECT_URI] },
      scopes: ['tickets:read', 'tickets:write'],
      ...input,
    });
    return { owner, app };
  }

  /** A person with a role in the owner's partner, and a browser. */
  async member(owner: Person, role: string): Promise<Person & { readonly memberId: string }> {
    const partnerId = owner.principal.partner_id as string;
    const { user } = await this.oauth.portal.register();
    const memberId = newId('member');
    await this.oauth.auth.query(
      'insert into memberships (id, partner_id, user_id, role, role_id, created_at) values ($1, $2, $3, $4, null, now())',
      [memberId, partnerId, user.id, role],
    );
    const logIn = { email: user.email, password: PASSWORD, partner_id: partnerId };
    const { token } = await this.oauth.bus.request(createSession, logIn);
    const principal = await this.oauth.portal.verify('session', token);
    return { principal, token, cookies: new Map(), memberId };
  }

  async setRole(owner: Person, { memberId }: { readonly memberId: string }, role: 'viewer'): Promise<void> {
    const { principal } = owner;
    await this.oauth.bus.request(changeMemberRole, { id: memberId, role }, { principal });
  }

  async removeMember(owner: Person, { memberId }: { readonly memberId: string }): Promise<void> {
    await this.oauth.bus.request(removeMember, { id: memberId }, { principal: owner.principal });
  }

  /** The parameters of a good request. */
  parameters(app: MadeApplication, more: Readonly<Record<string, string>> = {}) {
    const { verifier, challenge } = pkce();
    const state = newId('request');
    const parameters: Record<string, string> = {
      ...{ response_type: 'code', client_id: app.id, redirect_uri: REDIRECT_URI, state },
      ...{ scope: app.scopes.join(' '), code_challenge: challenge, code_challenge_method: 'S256' },
      ...more,
    };
    return { verifier, state, parameters };
  }

  /** Opens the authorization endpoint; the browser is sent to the page that asks. */
  async begin(
    person: Person,
    app: MadeApplication,
    more: Readonly<Record<string, string>> = {},
    gateway = 0,
  ): Promise<Begun> {
    const { verifier, state, parameters } = this.parameters(app, more);
    const address = `/oauth/authorize?${new URLSearchParams(parameters)}`;
    const response = await this.oauth.browse(person, address, {}, gateway);
    const location = response.headers.get('location') ?? '';
    expect([response.status, location]).toEqual([303, expect.stringMatching(/^\/authorize\?uid=[\w-]+$/)]);
    const uid = location.slice('/authorize?uid='.length);
    return { uid, state, verifier, redirectUri: parameters.redirect_uri ?? '' };
  }

  /** Decides, and follows the browser to the address of the application. */
  async decide(person: Person, { uid }: Begun, accept: boolean, gateway = 0): Promise<URL> {
    const decided = await this.oauth.browse(
      person,
      `/v1/authorizations/${uid}/decision`,
      { method: 'POST', body: JSON.stringify({ accept }) },
      gateway,
    );
    const decision = (await decided.json()) as OutputOf<typeof decideAuthorization>;
    expect([decided.status, decision]).toMatchObject([200, { accepted: accept }]);
    const back = await this.oauth.browse(person, decision.redirect_to, {}, gateway);
    expect(back.status).toBe(303);
    return new URL(back.headers.get('location') ?? '');
  }

  /** Accepts, and returns the code. */
  async accept(person: Person, begun: Begun, gateway = 0): Promise<string> {
    const back = await this.decide(person, begun, true, gateway);
    expect(back.href.startsWith(begun.redirectUri)).toBe(true);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      ...{ code: expect.any(String), state: begun.state, iss: 'https://portal.example' },
    });
    return back.searchParams.get('code') ?? '';
  }

  async exchange(
    app: MadeApplication,
    code: string,
    { verifier, redirectUri }: Pick<Begun, 'verifier' | 'redirectUri'>,
    more: Readonly<Record<string, string>> = {},
    gateway = 0,
  ): Promise<TokenResponse> {
    const form = {
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
      ...(app.client_secret === null ? { client_id: app.id } : {}),
      ...more,
    };
    const response = await this.oauth.post('/oauth/token', form, app, gateway);
    return (await response.json()) as TokenResponse;
  }

  async tokens(
    person: Person,
    app: MadeApplication,
    more: Readonly<Record<string, string>> = {},
  ): Promise<TokenResponse & { readonly refresh_token: string }> {
    const begun = await this.begin(person, app, more);
    const tokens = await this.exchange(app, await this.accept(person, begun), begun);
    expect(tokens).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
    return tokens as TokenResponse & { readonly refresh_token: string };
  }

  async refresh(app: MadeApplication, token: string, gateway = 0): Promise<TokenResponse> {
    const form = { grant_type: 'refresh_token', refresh_token: token };
    const client: Record<string, string> = app.client_secret === null ? { client_id: app.id } : {};
    const response = await this.oauth.post('/oauth/token', { ...form, ...client }, app, gateway);
    return (await response.json()) as TokenResponse;
  }
}
