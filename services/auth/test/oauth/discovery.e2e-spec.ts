import { KEY_SCOPES, MAX_OAUTH_BODY_BYTES } from '@gridworks/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodeFlow, REDIRECT_URI } from './code-flow.ts';
import { ISSUER, OAuthUnderTest } from './oauth-under-test.ts';

describe('the addresses of OAuth', () => {
  let oauth: OAuthUnderTest;
  let flow: CodeFlow;
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start();
    flow = new CodeFlow(oauth);
  });
  afterAll(() => oauth?.stop());

  it('are discovered, with what is offered and nothing else', async () => {
    const read = async (path: string) => {
      const response = await oauth.fetch(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^application\/json/),
      ]);
      return (await response.json()) as Record<string, unknown>;
    };
    const openid = await read('/.well-known/openid-configuration');
    expect(await read('/.well-known/oauth-authorization-server')).toEqual(openid);
    expect(openid).toMatchObject({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/oauth/authorize`,
      token_endpoint: `${ISSUER}/oauth/token`,
      introspection_endpoint: `${ISSUER}/oauth/introspect`,
      revocation_endpoint: `${ISSUER}/oauth/revoke`,
      pushed_authorization_request_endpoint: `${ISSUER}/oauth/par`,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['EdDSA'],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ['openid', ...KEY_SCOPES],
    });
    expect((openid.grant_types_supported as string[]).toSorted()).toEqual([
      'authorization_code',
      'client_credentials',
      'refresh_token',
    ]);
    for (const name of [
      'registration_endpoint',
      'userinfo_endpoint',
      'end_session_endpoint',
      'device_authorization_endpoint',
    ])
      expect(openid).not.toHaveProperty(name);
    // Each address that is named is served: none of them is unknown.
    for (const [name, address] of Object.entries(openid).filter(([key]) => key.endsWith('_endpoint')))
      expect([name, (await oauth.post(String(address).slice(ISSUER.length), {})).status]).not.toEqual([
        name,
        404,
      ]);
  });

  it('take a form of a limited size, and their own methods', async () => {
    const { app } = await flow.make({ kind: 'service', redirect_uris: [] });
    const large = await oauth.post('/oauth/token', { a: 'x'.repeat(MAX_OAUTH_BODY_BYTES) }, app);
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'GATEWAY.BODY_TOO_LARGE' }]);
    const read = await oauth.fetch('/oauth/token');
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
    const wrong = await oauth.fetch('/oauth/token', { method: 'POST', body: 'grant_type=x' });
    expect(wrong.status).toBe(415);
    // A form is for these addresses alone.
    const elsewhere = await oauth.post('/v1/sessions', { email: 'a@b.example', password: 'x' });
    expect(elsewhere.status).toBe(415);
  });

  it('take a pushed request, once', async () => {
    const { owner, app } = await flow.make();
    const { verifier, state, parameters } = flow.parameters(app);
    const pushed = await oauth.post('/oauth/par', parameters, app);
    const { request_uri: uri } = (await pushed.json()) as { request_uri: string };
    expect([pushed.status, uri]).toEqual([201, expect.stringMatching(/^urn:/)]);
    const address = `/oauth/authorize?${new URLSearchParams({ client_id: app.id, request_uri: uri })}`;
    const begun = await oauth.browse(owner, address);
    const uid = (begun.headers.get('location') ?? '').slice('/authorize?uid='.length);
    const pending = { uid, state, verifier, redirectUri: REDIRECT_URI };
    const tokens = await flow.exchange(app, await flow.accept(owner, pending), pending);
    expect(tokens).toHaveProperty('access_token');
    const again = await oauth.browse(owner, address);
    expect(again.headers.get('location')).toMatch(/^\/authorize\?error=|error=invalid_request_uri/);
  });

  it('bind a request to its browser by cookies that no script reads and no other site sends', async () => {
    const { owner, app } = await flow.make();
    const { parameters } = flow.parameters(app);
    const response = await oauth.fetch(`/oauth/authorize?${new URLSearchParams(parameters)}`);
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0]).toSorted()).toEqual([
      'oauth_interaction',
      'oauth_interaction.sig',
      'oauth_resume',
      'oauth_resume.sig',
    ]);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; path=\/(v1\/authorizations|oauth\/authorize\/)/);
      expect(cookie.toLowerCase()).toMatch(/; httponly/);
      expect(cookie.toLowerCase()).toMatch(/; secure/);
      expect(cookie.toLowerCase()).toMatch(/; samesite=lax/);
    }
    expect(owner.cookies.size).toBe(0);
  });
});
