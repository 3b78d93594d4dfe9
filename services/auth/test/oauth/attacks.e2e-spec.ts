import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialDigest, newClientSecret, revokeApplication } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttackList } from './attack-list.ts';
import { type Begun, CodeFlow, REDIRECT_URI } from './code-flow.ts';
import {
  type MadeApplication,
  OAuthUnderTest,
  type Person,
  pkce,
  type TokenResponse,
} from './oauth-under-test.ts';

const TRICKS = [
  ...[
    `${REDIRECT_URI}/`,
    `${REDIRECT_URI}/more`,
    `${REDIRECT_URI}.evil.example`,
    `${REDIRECT_URI}?next=evil`,
  ],
  ...[`${REDIRECT_URI}#code`, `${REDIRECT_URI}%2f..`, `${REDIRECT_URI}/../evil`, `${REDIRECT_URI}%00`],
  ...[
    'https://app.example.com/x/../callback',
    'https://app.example.com//callback',
    'https://app.example.com',
  ],
  ...[
    'https://app.example.com/%63allback',
    'https://app.example.com/Callback',
    'https://app.example.com:443/callback',
  ],
  ...['https://app.example.com.evil.example/callback', 'https://app.example.com@evil.example/callback'],
  ...[
    'https://evil.example/https://app.example.com/callback',
    'https://evil.example#@app.example.com/callback',
  ],
  ...['https://evil.example\\@app.example.com/callback', 'https://app.example.com\\.evil.example/callback'],
  ...[
    'https://user:pass@app.example.com/callback',
    'https://app.example.com./callback',
    '//app.example.com/callback',
  ],
  ...[
    'http://app.example.com/callback',
    'HTTPS://APP.EXAMPLE.COM/callback',
    ' https://app.example.com/callback',
  ],
  ...[
    'https://app.example.com/callback\t',
    'https://app.example.com/callback\r\nLocation: https://evil.example',
  ],
  ...[
    'javascript:alert(1)//https://app.example.com/callback',
    'data:text/html,evil',
    'file:///etc/passwd',
    '/callback',
  ],
];
const NATIVE_TRICKS = [
  ...['http://localhost:5000/callback', 'http://127.0.0.1:5000/other', 'http://127.0.0.1:5000/callback/'],
  ...[
    'http://127.0.0.1:5000/callback?x',
    'https://127.0.0.1:5000/callback',
    'http://127.0.0.2:5000/callback',
  ],
  ...[
    'http://[::1]:5000/callback',
    'http://0.0.0.0:5000/callback',
    'http://127.0.0.1:5000@evil.example/callback',
  ],
  ...[
    'http://127.0.0.1.evil.example/callback',
    'http://2130706433:5000/callback',
    'http://user@127.0.0.1:5000/callback',
  ],
];

describe('an attack on OAuth', () => {
  let oauth: OAuthUnderTest;
  let flow: CodeFlow;
  let owner: Person;
  let app: MadeApplication;
  let server: Server;
  let fetched = 0;
  const list = new AttackList();
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start();
    flow = new CodeFlow(oauth);
    ({ owner, app } = await flow.make());
    server = createServer((_request, response) => {
      fetched += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server?.close();
    await oauth?.stop();
  });

  /** A request for authorization that must begin nothing and send nobody to `to`. */
  async function tryToBegin(
    name: string,
    change: Readonly<Record<string, string | undefined>>,
    of = app,
  ): Promise<void> {
    const wanted = { ...flow.parameters(of).parameters, ...change };
    const given = Object.entries(wanted).filter((one): one is [string, string] => one[1] !== undefined);
    const response = await oauth.browse(owner, `/oauth/authorize?${new URLSearchParams(given)}`);
    list.record(name, isThrough(response, wanted.redirect_uri));
  }
  /** Begun, a code, or a way to an address that is not the application's. */
  function isThrough(response: Response, redirectUri?: string): boolean {
    const location = response.headers.get('location') ?? '';
    if (location.startsWith('/authorize?error=')) return false;
    // An error for the application, at its own address, is the right answer.
    const isBack =
      redirectUri === REDIRECT_URI && /^https:\/\/app\.example\.com\/callback[?#]error=/.test(location);
    if (/[?#&](code|access_token|id_token)=/.test(location)) return true;
    return !isBack && (response.status < 400 || location !== '');
  }
  /** A request for tokens that must get none. */
  async function tryForToken(name: string, tokens: Promise<TokenResponse>): Promise<void> {
    const { access_token, error } = await tokens;
    list.record(name, access_token !== undefined || error === undefined);
  }
  const code = async (): Promise<{ begun: Begun; code: string }> => {
    const begun = await flow.begin(owner, app);
    return { begun, code: await flow.accept(owner, begun) };
  };

  it('by the redirect URI goes nowhere', async () => {
    for (const uri of TRICKS) await tryToBegin(`redirect to ${JSON.stringify(uri)}`, { redirect_uri: uri });
    await tryToBegin('no redirect URI', { redirect_uri: undefined });
    const { app: native } = await flow.make({ kind: 'native', redirect_uris: ['http://127.0.0.1/callback'] });
    for (const uri of NATIVE_TRICKS)
      await tryToBegin(`native redirect to ${uri}`, { redirect_uri: uri }, native);
    const both = new URLSearchParams(flow.parameters(app).parameters);
    both.append('redirect_uri', 'https://evil.example');
    list.record('two redirect URIs', isThrough(await oauth.browse(owner, `/oauth/authorize?${both}`)));
    for (const uri of ['https://evil.example/callback', `${REDIRECT_URI}/`, '']) {
      const { begun, code: got } = await code();
      await tryForToken(
        `another redirect URI for the token: ${uri}`,
        flow.exchange(app, got, { ...begun, redirectUri: uri }),
      );
    }
    expect(list.through).toEqual([]);
  });

  it('by a weaker request gets no code', async () => {
    const { challenge } = pkce();
    for (const [name, change] of [
      ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
      ['PKCE plain', { code_challenge_method: 'plain' }],
      ['PKCE without a method', { code_challenge_method: undefined }],
      ['PKCE S512', { code_challenge_method: 'S512' }],
      ['PKCE in small letters', { code_challenge_method: 's256' }],
      ['a method without a challenge', { code_challenge: undefined }],
      ['an empty challenge', { code_challenge: '' }],
      ['a short challenge', { code_challenge: challenge.slice(0, 20) }],
      ...['token', 'id_token', 'code token', 'code id_token', 'none', '', 'id_token token'].map(
        (type) => [`response type ${type}`, { response_type: type, nonce: 'n' }] as const,
      ),
      ...['fragment', 'form_post', 'web_message', 'jwt', 'query.jwt'].map(
        (mode) => [`response mode ${mode}`, { response_mode: mode }] as const,
      ),
      ['no question to the person', { prompt: 'none' }],
      ['another resource', { resource: 'https://evil.example' }],
      ['a resource that is no address', { resource: 'api' }],
      ['a client that is not', { client_id: 'app_00000000000000000000AA' }],
      ['a client as SQL', { client_id: "' or '1'='1" }],
      ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
      [
        'a request object elsewhere',
        { request_uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x` },
      ],
      ['a forged hint', { scope: 'openid tickets:read', id_token_hint: 'eyJhbGciOiJub25lIn0.e30.' }],
    ] as const)
      await tryToBegin(name, change);
    expect([list.through, fetched]).toEqual([[], 0]);
  });

  it('by more scopes gets none of them', async () => {
    for (const scope of [
      'usage:read',
      'identity:read',
      'api-keys:write',
      'audit:read-all',
      'admin',
      'offline_access',
    ]) {
      const begun = await flow.begin(owner, app, { scope: `tickets:read ${scope}` });
      const tokens = await flow.exchange(app, await flow.accept(owner, begun), begun);
      list.record(`the scope ${scope}`, tokens.scope !== 'tickets:read');
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', scope };
      const more = oauth.post('/oauth/token', form, app).then((response) => response.json());
      await tryForToken(`the scope ${scope} by a refresh`, more as Promise<TokenResponse>);
    }
    expect(list.through).toEqual([]);
  });

  it('by a code of somebody else gets no token', async () => {
    const { app: other } = await flow.make();
    const stolen = await code();
    await tryForToken('a code by another client', flow.exchange(other, stolen.code, stolen.begun));
    await tryForToken(
      'a code without the secret',
      flow.exchange({ ...app, client_secret: null }, stolen.code, stolen.begun),
    );
    for (const [name, verifier] of [
      ['another verifier', pkce().verifier],
      ['the challenge as the verifier', pkce().challenge],
      ['an empty verifier', ''],
      ['a short verifier', 'abc'],
    ] as const)
      await tryForToken(
        `a code with ${name}`,
        flow.exchange(app, stolen.code, { ...stolen.begun, verifier }),
      );
    await tryForToken('a code as a refresh token', flow.refresh(app, stolen.code));
    await tryForToken('half of a code', flow.exchange(app, stolen.code.slice(0, 20), stolen.begun));
    // The owner’s own exchange works: none of the attempts has used the code up.
    const tokens = await flow.exchange(app, stolen.code, stolen.begun);
    expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(200);
    await tryForToken('a code twice', flow.exchange(app, stolen.code, stolen.begun));
    // The second use has ended what the first has got.
    await eventually(async () =>
      expect((await oauth.call(tokens.access_token, '/v1/tickets')).status).toBe(401),
    );
    await tryForToken(
      'the refresh token of a code that was used twice',
      flow.refresh(app, tokens.refresh_token ?? ''),
    );
    const late = await code();
    await oauth.auth.query(
      `update oauth_records set expires_at = now(), payload = payload || '{"exp": 1}' where model = 'AuthorizationCode'`,
    );
    await tryForToken('a code after its minute', flow.exchange(app, late.code, late.begun));
    const fresh = await flow.tokens(owner, app);
    await tryForToken('a refresh token by another client', flow.refresh(other, fresh.refresh_token));
    await tryForToken(
      'a refresh token without the secret',
      flow.refresh({ ...app, client_secret: null }, fresh.refresh_token),
    );
    await flow.refresh(app, fresh.refresh_token);
    await tryForToken('a refresh token twice', flow.refresh(app, fresh.refresh_token));
    expect(list.through).toEqual([]);
  });

  it('by a wrong secret gets no token', async () => {
    const { app: machine } = await flow.make({ kind: 'service', redirect_uris: [] });
    const secret = machine.client_secret ?? '';
    const grant = { grant_type: 'client_credentials' };
    const ask = (form: Readonly<Record<string, string>>, given: string | null, path = '/oauth/token') =>
      oauth
        .post(path, form, { id: machine.id, client_secret: given })
        .then((response) => response.json()) as Promise<TokenResponse>;
    for (const [name, wrong] of [
      ['another secret', newClientSecret()],
      ['the digest of the secret', credentialDigest(secret)],
      ['a shorter secret', secret.slice(0, -1)],
      ['a longer secret', `${secret}x`],
      ['the secret in capitals', secret.toUpperCase()],
    ] as const)
      await tryForToken(name, ask(grant, wrong));
    await tryForToken('no secret', ask({ ...grant, client_id: machine.id }, null));
    await tryForToken('an empty secret', ask({ ...grant, client_id: machine.id, client_secret: '' }, null));
    await tryForToken('a secret twice', ask({ ...grant, client_secret: secret }, secret));
    const query = new URLSearchParams({ ...grant, client_id: machine.id, client_secret: secret });
    await tryForToken('the secret in the address', ask({}, null, `/oauth/token?${query}`));
    await tryForToken('all in the address', ask(grant, null, `/oauth/token?${query}`));
    const assertion = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' };
    const unsigned = `eyJhbGciOiJub25lIn0.${btoa(JSON.stringify({ sub: machine.id })).replace(/=+$/, '')}.`;
    await tryForToken(
      'an assertion without a signature',
      ask({ ...grant, ...assertion, client_assertion: unsigned }, null),
    );
    await tryForToken('client credentials of a web application', oauth.machineToken(app));
    for (const type of [
      'password',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      '',
    ])
      await tryForToken(
        `the grant ${type}`,
        ask({ ...grant, grant_type: type, username: 'a', password: 'b' }, secret),
      );
    const twice = await oauth.fetch('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${machine.id}&client_id=${app.id}&client_secret=${secret}`,
    });
    list.record('two clients', twice.status === 200);
    const json = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...grant, client_id: machine.id, client_secret: secret }),
    };
    list.record('JSON in place of a form', (await oauth.fetch('/oauth/token', json)).status === 200);
    await oauth.bus.request(revokeApplication, { id: app.id }, { principal: owner.principal });
    await tryForToken('a revoked application', oauth.machineToken(app));
    await tryToBegin('an authorization of a revoked application', {});
    expect(list.through).toEqual([]);
  });

  it('by the browser of a person decides nothing', async () => {
    const { owner: person, app: own } = await flow.make();
    const begun = await flow.begin(person, own);
    const decide = (headers: Record<string, string>) =>
      oauth.fetch(`/v1/authorizations/${begun.uid}/decision`, {
        ...{ method: 'POST', body: '{"accept":true}' },
        headers: { 'content-type': 'application/json', ...headers },
      });
    const cookie = [
      `session=${person.token}`,
      ...[...person.cookies].map(([name, { value }]) => `${name}=${value}`),
    ].join('; ');
    for (const [name, headers] of [
      ['a decision without a session', {}],
      ['a decision from another site', { cookie, 'sec-fetch-site': 'cross-site' }],
      ['a decision from another port', { cookie, 'sec-fetch-site': 'same-site' }],
      ['a decision without the CSRF token', { cookie, 'sec-fetch-site': 'same-origin' }],
      ['a decision by the token of a session', { authorization: `Bearer ${person.token}` }],
    ] as const)
      list.record(name, (await decide(headers)).ok);
    const resume = async (who: Person) => {
      const response = await oauth.browse(who, `/oauth/authorize/${begun.uid}`);
      return (response.headers.get('location') ?? '').includes('code=');
    };
    list.record('going on without a decision', await resume({ ...person, cookies: new Map(person.cookies) }));
    // What the library calls a session is never given out, and never accepted.
    list.record(
      'a session of the provider',
      [...person.cookies.keys()].some((name) => name.includes('session')),
    );
    await flow.begin(person, own);
    const again = await flow.begin(person, own);
    const other = await oauth.person();
    const decided = await oauth.browse(person, `/v1/authorizations/${again.uid}/decision`, {
      method: 'POST',
      body: '{"accept":true}',
    });
    const { redirect_to: next } = (await decided.json()) as { redirect_to: string };
    const taken = await oauth.browse({ ...other, cookies: new Map() }, next);
    list.record('going on in another browser', (taken.headers.get('location') ?? '').includes('code='));
    expect(list.through).toEqual([]);
    process.stdout.write(list.report('attacks on OAuth'));
    expect(list.size).toBeGreaterThan(110);
  });
});
