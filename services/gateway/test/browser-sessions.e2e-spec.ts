import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

const OWN = { 'sec-fetch-site': 'same-origin' };
const JSON_BODY = { 'content-type': 'application/json' };
const LOGIN = JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery' });

interface Tab {
  readonly cookie: string;
  readonly session: contracts.OutputOf<typeof contracts.createBrowserSession>;
}

describe('sessions of browsers', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({
      nats,
      redisUrl: redis.url,
      env: { GATEWAY_STREAM_HEARTBEAT_MS: '500' },
    });
  });
  beforeEach(() => services.reset());
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  const logIn = async (): Promise<Tab> => {
    const response = await gateway.fetch('/v1/browser-sessions', {
      method: 'POST',
      body: LOGIN,
      headers: { ...OWN, ...JSON_BODY },
    });
    expect(response.status).toBe(201);
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] as string;
    return { cookie, session: (await response.json()) as Tab['session'] };
  };
  const outcome = async (path: string, init: RequestInit): Promise<[number, string | undefined]> => {
    const response = await gateway.fetch(path, init);
    const text = await response.text();
    return [response.status, response.ok ? undefined : (JSON.parse(text) as { code: string }).code];
  };
  const me = (headers: Record<string, string>) => outcome('/v1/me', { headers });

  it('begin with a cookie that no script can read and that alone holds the secret', async () => {
    const response = await gateway.fetch('/v1/browser-sessions', {
      method: 'POST',
      body: LOGIN,
      headers: { ...OWN, ...JSON_BODY, 'user-agent': 'x'.repeat(1000) },
    });
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^session=ses_[0-9A-Za-z]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const text = await response.text();
    const token = /ses_[0-9A-Za-z]{43}/.exec(set)?.[0] as string;
    expect(text).not.toContain(token);
    const [call] = services.calls.filter(({ subject }) => subject === contracts.createBrowserSession.subject);
    expect(call?.input).toMatchObject({
      session_digest: contracts.credentialDigest(token),
      user_agent: 'x'.repeat(300),
      client_ip: '127.0.0.1',
    });
    expect(JSON.stringify(services.calls)).not.toContain(token);
    expect(JSON.stringify(gateway.log())).not.toContain(token);
  });

  it('have a `__Host-` cookie under a host name that is not local', async () => {
    const { text } = await rawRequest(gateway.port, [
      `POST /v1/browser-sessions HTTP/1.1\r\nHost: portal.example\r\nOrigin: https://portal.example\r\nContent-Type: application/json\r\nContent-Length: ${LOGIN.length}\r\nConnection: close\r\n\r\n${LOGIN}`,
    ]);
    expect(text).toMatch(
      /^set-cookie: __Host-session=ses_\w{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure\r$/m,
    );
  });

  const sites: [string, Record<string, string>, boolean][] = [
    ['same-origin', OWN, true],
    ['same-site', { 'sec-fetch-site': 'same-site' }, false],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }, false],
    ['none', { 'sec-fetch-site': 'none' }, false],
    ['nothing', {}, false],
    ['a foreign Origin', { origin: 'https://evil.example' }, false],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }, false],
    ['a foreign Origin and same-origin', { ...OWN, origin: 'https://evil.example' }, true],
  ];
  it.each(sites)(
    'are accepted from a page that sends %s: reading and logging in',
    async (_what, site, own) => {
      const { cookie } = await logIn();
      const refused: [number, string] = [403, 'GATEWAY.CROSS_SITE'];
      services.reset();
      expect(await me({ ...site, cookie })).toEqual(own ? [200, undefined] : refused);
      const events = await gateway.fetch('/v1/admin/events', { headers: { ...site, cookie } });
      expect(((await events.json()) as { code: string }).code).toBe(
        own ? 'PLATFORM.FORBIDDEN' : 'GATEWAY.CROSS_SITE',
      );
      const login = { method: 'POST', body: LOGIN, headers: { ...site, ...JSON_BODY } };
      expect(await outcome('/v1/browser-sessions', login)).toEqual(own ? [201, undefined] : refused);
      if (!own) expect(services.calls).toEqual([]);
    },
  );

  it('are accepted from the own Origin when the browser sends no Sec-Fetch-Site', async () => {
    const { cookie } = await logIn();
    expect(await me({ origin: gateway.url, cookie })).toEqual([200, undefined]);
  });

  const unsafe = contracts.PUBLIC_REQUESTS.filter(
    ({ http, permission }) => http.method !== 'GET' && permission !== 'public',
  ).map((contract) => ({ operation: `${contract.http.method} ${contract.http.path}`, contract }));
  it.each(unsafe)('need their token for $operation', async ({ contract }) => {
    const { cookie, session } = await logIn();
    const { method, path, body } = contracts.sampleRequest(contract);
    const send = (headers: Record<string, string>) =>
      outcome(path, {
        method,
        ...(body ? { body: JSON.stringify(body) } : {}),
        headers: { cookie, ...(body ? JSON_BODY : {}), ...headers },
      });
    services.reset();
    const token = { 'csrf-token': session.csrf_token };
    expect(await send({ ...OWN })).toEqual([403, 'GATEWAY.CSRF_TOKEN']);
    expect(await send({ ...OWN, 'csrf-token': contracts.csrfTokenOf('f'.repeat(64)) })).toEqual([
      403,
      'GATEWAY.CSRF_TOKEN',
    ]);
    expect(await send({ ...token, 'sec-fetch-site': 'same-site' })).toEqual([403, 'GATEWAY.CROSS_SITE']);
    expect(await send(token)).toEqual([403, 'GATEWAY.CROSS_SITE']);
    const requested = () => services.calls.filter(({ subject }) => subject === contract.subject).length;
    expect(requested()).toBe(0);
    const { roles } = contracts.ruleOf(contract.permission as contracts.Permission);
    const [status, code] = await send({ ...OWN, ...token });
    if (roles.includes('owner')) expect([200, 201, 202, 404]).toContain(status);
    else expect(code).toBe('PLATFORM.FORBIDDEN');
    expect(requested()).toBe(roles.includes('owner') ? 1 : 0);
  });

  it('count only where no Authorization is given', async () => {
    const { cookie } = await logIn();
    const { key, revoked } = services.identities;
    expect(await me({ ...OWN, cookie, authorization: `Bearer ${revoked}` })).toEqual([
      401,
      'AUTH.CREDENTIAL_REFUSED',
    ]);
    // Neither the page's origin nor its token matters to a bearer token.
    const response = await gateway.fetch('/v1/me', { bearer: key, headers: { cookie } });
    expect(await response.json()).toMatchObject({ principal: { kind: 'api_key' } });
  });

  it('that are over do not block open routes', async () => {
    const cookie = `session=${contracts.newSessionToken()}`;
    expect(await me({ ...OWN, cookie })).toEqual([401, 'AUTH.CREDENTIAL_REFUSED']);
    for (const path of ['/v1/plans', '/openapi.json'])
      expect([path, (await gateway.fetch(path, { headers: { cookie } })).status]).toEqual([path, 200]);
    const login = { method: 'POST', body: LOGIN, headers: { ...OWN, ...JSON_BODY, cookie } };
    expect(await outcome('/v1/browser-sessions', login)).toEqual([201, undefined]);
  });

  it('work in eight tabs that all call at once', async () => {
    const { cookie } = await logIn();
    const all = await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        const response = await gateway.fetch(i % 2 ? '/v1/me' : '/v1/usage', { headers: { ...OWN, cookie } });
        expect(response.headers.get('set-cookie')).toBeNull();
        return response.status;
      }),
    );
    expect(new Set(all)).toEqual(new Set([200]));
  });

  it('end at once with the log-out, which also clears what the browser kept', async () => {
    const { cookie, session } = await logIn();
    expect(await me({ ...OWN, cookie })).toEqual([200, undefined]);
    services.on(contracts.endBrowserSession, () => {
      services.principals.clear();
      return { object: 'browser_session', id: session.id, revoked_at: new Date().toISOString() };
    });
    const kept = new Map(services.principals);
    const response = await gateway.fetch('/v1/browser-sessions/current', {
      method: 'DELETE',
      headers: { ...OWN, cookie, 'csrf-token': session.csrf_token },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toBe('session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
    expect(response.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect(await me({ ...OWN, cookie })).toEqual([401, 'AUTH.CREDENTIAL_REFUSED']);
    for (const [digest, principal] of kept)
      if (principal.id !== session.id) services.principals.set(digest, principal);
  });

  it('end at once everywhere, except the spared one', async () => {
    const here = await logIn();
    const there = await logIn();
    const digestOf = ({ cookie }: Tab) => contracts.credentialDigest(cookie.slice('session='.length));
    const owner = services.principals.get(digestOf(here)) as contracts.Principal;
    const other = services.principals.get(digestOf(there)) as contracts.Principal;
    services.principals.set(digestOf(there), { ...other, user_id: owner.user_id });
    for (const { cookie } of [here, there]) expect(await me({ ...OWN, cookie })).toEqual([200, undefined]);
    services.on(contracts.endAllSessions, () => {
      services.principals.delete(digestOf(there));
      return { object: 'ended_sessions', ended: 1 };
    });
    const end = {
      method: 'DELETE',
      headers: { ...OWN, cookie: here.cookie, 'csrf-token': here.session.csrf_token },
    };
    expect(await outcome('/v1/sessions?keep=current', end)).toEqual([200, undefined]);
    expect(await me({ ...OWN, cookie: there.cookie })).toEqual([401, 'AUTH.CREDENTIAL_REFUSED']);
    expect(await me({ ...OWN, cookie: here.cookie })).toEqual([200, undefined]);
  });

  it('end their stream when they end or expire', async () => {
    const open = async (asAdmin: Tab) => {
      const digest = contracts.credentialDigest(asAdmin.cookie.slice('session='.length));
      const principal = services.principals.get(digest) as contracts.Principal;
      services.principals.set(digest, { ...principal, role: 'platform_admin', partner_id: null });
      const stream = await fetch(`${gateway.url}/v1/admin/events`, {
        headers: { ...OWN, cookie: asAdmin.cookie },
      });
      expect(stream.status).toBe(200);
      return { digest, ended: stream.text() };
    };
    const first = await open(await logIn());
    const { id } = services.principals.get(first.digest) as contracts.Principal;
    await services
      .bus('auth')
      .publish(contracts.credentialRevoked, { kind: 'session', id, digest: first.digest });
    expect(await first.ended).toContain('connected');

    // An expiry sends no event: the gateway checks for it, and this check is no use of the session.
    const second = await open(await logIn());
    services.reset();
    services.principals.delete(second.digest);
    expect(await second.ended).toContain('connected');
    await eventually(() =>
      expect(services.calls).toContainEqual(
        expect.objectContaining({
          subject: contracts.verifyCredential.subject,
          input: { kind: 'session', digest: second.digest, passive: true },
        }),
      ),
    );
  }, 90_000);
});
