import { createPrivateKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId, newSessionToken } from '@gridworks/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { SigningKeys } from '../../src/oauth/signing-keys/signing-keys.ts';
import { AttackList } from './attack-list.ts';
import { CodeFlow } from './code-flow.ts';
import { forgedTokens, signed } from './forged-tokens.ts';
import { ISSUER, type MadeApplication, OAuthUnderTest, type Person } from './oauth-under-test.ts';

describe('a forged access token', () => {
  let oauth: OAuthUnderTest;
  let flow: CodeFlow;
  let machine: MadeApplication;
  let owner: Person;
  let token: string;
  let publicKey: KeyObject;
  let privateKey: KeyObject;
  let server: Server;
  let fetched = 0;
  const list = new AttackList();
  beforeAll(async () => {
    oauth = await OAuthUnderTest.start();
    flow = new CodeFlow(oauth);
    const scopes = ['identity:read', 'tickets:read'] as ('identity:read' | 'tickets:read')[];
    ({ owner, app: machine } = await flow.make({ kind: 'service', redirect_uris: [], scopes }));
    token = (await oauth.machineToken(machine)).access_token;
    const { active } = await oauth.get(SigningKeys).current();
    publicKey = active.publicKey;
    privateKey = createPrivateKey({ key: active.privateJwk, format: 'jwk' });
    server = createServer((_request, response) => {
      fetched += 1;
      response.end('{"keys":[]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server?.close();
    await oauth?.stop();
  });

  const claims = () => decodeJwt(token);
  const header = () => decodeProtectedHeader(token) as { kid: string; alg: string; typ: string };
  /** Calls with a token; whatever does not end with 401 got through. */
  async function tryToken(name: string, forged: string): Promise<void> {
    const response = await oauth.call(forged).catch(() => null);
    list.record(name, response !== null && response.status !== 401 && response.status !== 431);
  }
  /** As the portal would sign it: everything but the claims is right. */
  const resigned = (change: object, more: object = {}) =>
    signed({ ...header(), ...more }, { ...claims(), ...change }, privateKey);

  it('is refused, without its key', async () => {
    const forger = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const known = { token, header: header(), payload: claims(), publicKey, forger };
    for (const [name, forged] of forgedTokens(known)) await tryToken(name, forged);
    expect(list.through).toEqual([]);
    // No key was fetched from where a token says.
    expect(fetched).toBe(0);
    // The real one still works: the checks above refuse for the right reason.
    expect((await oauth.call(token)).status).toBe(200);
    expect((await oauth.call(resigned({}))).status).toBe(200);
  });

  it('is refused, with our key and a wrong claim or header', async () => {
    const now = Math.floor(Date.now() / 1000);
    const changes: [string, object][] = [
      ...[`${ISSUER}/`, 'https://portal.example.evil', 'http://portal.example', '', [ISSUER], null].map(
        (iss): [string, object] => [`iss ${JSON.stringify(iss)}`, { iss }],
      ),
      ...[`${ISSUER}/`, machine.id, '', [], ['https://other.example'], null].map((aud): [string, object] => [
        `aud ${JSON.stringify(aud)}`,
        { aud },
      ]),
      ...[now - 1, 0, '9999999999', null, -1].map((exp): [string, object] => [`exp ${exp}`, { exp }]),
      ['nbf in the future', { nbf: now + 60 }],
      ['nbf as text', { nbf: 'now' }],
      ['no iat', { iat: undefined }],
      ['no jti', { jti: undefined }],
      ['no sub', { sub: undefined }],
      ['no partner', { partner_id: undefined }],
      ['no client', { client_id: undefined }],
      ['a client that is not', { client_id: newId('application'), sub: newId('application') }],
      ['another subject', { sub: newId('application') }],
      ['a person as the subject', { sub: owner.principal.user_id }],
      ['another partner', { partner_id: newId('partner') }],
      ['a grant that is not', { grant_id: 'x'.repeat(43) }],
      ['a client as SQL', { client_id: "' or true --", sub: "' or true --" }],
      ['a client as a list', { client_id: [machine.id] }],
    ];
    for (const [name, change] of changes) await tryToken(name, resigned(change));
    const headers: [string, object][] = [
      ...['JWT', undefined, 'id_token', 'at+jwt2', 'logout+jwt', ''].map((typ): [string, object] => [
        `typ ${typ}`,
        { typ },
      ]),
      ['crit that nobody knows', { crit: ['x-new'], 'x-new': true }],
      ['b64 false', { crit: ['b64'], b64: false }],
      ['alg Ed25519', { alg: 'Ed25519' }],
      ['alg EdDSA in small letters', { alg: 'eddsa' }],
    ];
    for (const [name, more] of headers) await tryToken(name, resigned({}, more));
    expect(list.through).toEqual([]);
  });

  it('is refused, when it is another token of ours', async () => {
    const { owner: person, app } = await flow.make();
    const tokens = await flow.tokens(person, app, { scope: 'openid tickets:read' });
    const use = (name: string, text: string) => tryToken(name, text);
    await use('an ID token', tokens.id_token ?? '');
    await use('a refresh token', tokens.refresh_token);
    await use('a client secret', app.client_secret ?? '');
    await use('an ID token that says at+jwt', withTyp(tokens.id_token ?? ''));
    const grant = decodeJwt(tokens.access_token).grant_id;
    const of = decodeJwt(tokens.access_token);
    const sign = (change: object) => signed(header(), { ...of, ...change }, privateKey);
    expect((await oauth.call(sign({}), '/v1/tickets')).status).toBe(200);
    for (const [name, change] of [
      ['a person’s token without its grant', { grant_id: undefined }],
      ['a person’s token as a machine', { sub: app.id, grant_id: undefined }],
      ['another person with the grant', { sub: owner.principal.user_id }],
      ['another client with the grant', { client_id: machine.id }],
      ['a machine with the grant', { ...claims(), grant_id: grant }],
      ['another partner with the grant', { partner_id: owner.principal.partner_id }],
    ] as const)
      await tryOnTickets(name, sign(change));
    expect(list.through).toEqual([]);
  });

  it('does no more than the application and the person may, whatever it says', async () => {
    const all = 'identity:read tickets:read usage:read tickets:write members:write audit:read-all';
    const wide = resigned({ scope: all });
    for (const path of ['/v1/usage', '/v1/members', '/v1/audit', '/v1/admin/partners', '/v1/api-keys']) {
      const { status } = await oauth.call(wide, path);
      list.record(`${path} by a token that claims it`, status !== 403);
    }
    expect(list.through).toEqual([]);
  });

  it('is no session, and is read from the header alone', async () => {
    const session = newSessionToken();
    const cases: [string, string, RequestInit][] = [
      ['in the query', `/v1/me?access_token=${token}`, {}],
      ['in the cookie of the session', '/v1/me', { headers: own({ cookie: `session=${token}` }) }],
      ['by another scheme', '/v1/me', { headers: { authorization: `DPoP ${token}` } }],
      ['by Basic', '/v1/me', { headers: { authorization: `Basic ${btoa(`${token}:`)}` } }],
      ['behind another text', '/v1/me', { headers: { authorization: `Bearer ${session} ${token}` } }],
      ['in two headers', '/v1/me', { headers: { authorization: `Bearer ${token}, Bearer ${token}` } }],
      ['in a form', '/v1/tickets', { method: 'POST', body: new URLSearchParams({ access_token: token }) }],
    ];
    for (const [name, path, init] of cases) {
      const { status } = await oauth.fetch(path, init);
      list.record(name, status < 400);
    }
    for (const path of ['/v1/browser-sessions/current', '/v1/sessions', '/v1/me/second-factors']) {
      const { status } = await oauth.call(token, path);
      list.record(`${path} by a token`, status !== 403);
    }
    expect(list.through).toEqual([]);
    process.stdout.write(list.report('forged tokens'));
    expect(list.size).toBeGreaterThan(120);
  });

  async function tryOnTickets(name: string, forged: string): Promise<void> {
    list.record(name, (await oauth.call(forged, '/v1/tickets')).status !== 401);
  }
  const own = (headers: Record<string, string>) => ({ ...headers, 'sec-fetch-site': 'same-origin' });
  const withTyp = (idToken: string) => signed(header(), decodeJwt(idToken), privateKey);
});
