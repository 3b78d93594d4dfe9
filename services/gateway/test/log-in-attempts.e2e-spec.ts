import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

const OWN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
const STATE = `lia_${'a'.repeat(43)}`;
const ANSWER = { state: STATE, code: 'a-code-of-the-provider', iss: 'https://provider.example' };
const BEGUN = {
  object: 'log_in_attempt',
  authorization_url: 'https://provider.example/auth',
  expires_at: '',
};

describe('log-ins at providers, at the gateway', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  beforeEach(() => {
    services.reset();
    services.on(contracts.createLogInAttempt, () => BEGUN);
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = OWN) =>
    gateway.fetch(path, { method: 'POST', body: JSON.stringify(body), headers });
  const begin = async (cookie?: string) => {
    const response = await post(
      '/v1/log-in/attempts',
      { provider: 'acme' },
      { ...OWN, ...(cookie ? { cookie } : {}) },
    );
    expect(response.status).toBe(201);
    return (response.headers.get('set-cookie') ?? '').split(';')[0] as string;
  };
  const lastInput = () => services.calls.at(-1)?.input as Record<string, unknown>;
  const digestOf = (cookie: string) => contracts.credentialDigest(cookie.split('=')[1] ?? '');

  it('ties an attempt to the browser by a cookie that no script can read, and tells auth only its digest', async () => {
    const response = await post('/v1/log-in/attempts', { provider: 'acme' });
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^log-in=[0-9A-Za-z]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const token = /=([0-9A-Za-z]{43});/.exec(set)?.[1] ?? '';
    expect(lastInput()).toEqual({
      ...{ provider: 'acme', client_ip: '127.0.0.1', origin: gateway.url },
      browser_digest: contracts.credentialDigest(token),
    });
    expect(await response.text()).not.toContain(token);
    expect(JSON.stringify(gateway.log())).not.toContain(token);
  });

  it('has a `__Host-` cookie under a host name that is not local, and says that the page is there', async () => {
    const body = JSON.stringify({ provider: 'acme' });
    const { text } = await rawRequest(gateway.port, [
      `POST /v1/log-in/attempts HTTP/1.1\r\nHost: portal.example\r\nOrigin: https://portal.example\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    ]);
    expect(text).toMatch(
      /^set-cookie: __Host-log-in=\w{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure\r$/m,
    );
    expect(lastInput()).toMatchObject({ origin: 'https://portal.example' });
  });

  it('keeps the cookie of a browser that is on its way already: two tabs do not disturb each other', async () => {
    const cookie = await begin();
    expect(await begin(cookie)).toBe(cookie);
    expect(await begin('log-in=too-short')).not.toBe('log-in=too-short');
  });

  it.each(['cross-site', 'same-site', 'none'])(
    'begins and completes nothing for a page that is %s',
    async (site) => {
      const cookie = await begin();
      services.reset();
      for (const [path, body] of [
        ['/v1/log-in/attempts', { provider: 'acme' }],
        ['/v1/log-in/attempts/complete', ANSWER],
        ['/v1/log-in/attempts/register', { state: STATE, name: 'Ada Energy' }],
      ] as const) {
        const response = await post(path, body, { ...OWN, 'sec-fetch-site': site, cookie });
        expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
          403,
          'GATEWAY.CROSS_SITE',
        ]);
      }
      expect(services.calls).toEqual([]);
    },
  );

  it.each([
    ['/v1/log-in/attempts/complete', contracts.completeLogInAttempt, ANSWER],
    ['/v1/log-in/attempts/register', contracts.registerByLogInAttempt, { state: STATE, name: 'Ada Energy' }],
  ])(
    '%s begins a session in a cookie when auth says so, and none otherwise',
    async (path, contract, body) => {
      const cookie = await begin();
      const endsAt = new Date(Date.now() + 3_600_000).toISOString();
      const completed = { object: 'completed_log_in', sign_up: null, return_to: null };
      services.on(contract, () => ({
        ...completed,
        session: { object: 'browser_session', ends_at: endsAt },
      }));
      const response = await post(path, body, { ...OWN, cookie });
      const token = /^session=(ses_\w{43});/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? '';
      expect(lastInput()).toMatchObject({
        browser_digest: digestOf(cookie),
        session_digest: contracts.credentialDigest(token),
      });
      services.on(contract, () => ({ ...completed, session: null }));
      expect((await post(path, body, { ...OWN, cookie })).headers.get('set-cookie')).toBeNull();
      // Without the cookie auth learns of no browser; and no page says which browser it is.
      await post(path, body);
      expect(lastInput()).not.toHaveProperty('browser_digest');
      const claimed = await post(path, { ...body, browser_digest: '0'.repeat(64) });
      expect(claimed.status).toBe(400);
    },
  );

  it('takes the form of a SAML provider from any page, sends the browser on, and opens no session by it', async () => {
    const id = contracts.newId('ssoConnection');
    const callback = `${gateway.url}/log-in/callback?state=${STATE}`;
    services.on(contracts.receiveSamlResponse, () => ({ object: 'saml_response', callback_url: callback }));
    const acs = (body: string, type = 'application/x-www-form-urlencoded') =>
      gateway.fetch(`/v1/saml/${id}/acs`, {
        ...{ method: 'POST', body, redirect: 'manual' },
        headers: { 'content-type': type, 'sec-fetch-site': 'cross-site' },
      });
    const form = new URLSearchParams({ SAMLResponse: 'PHg+', RelayState: STATE, more: 'x' });
    const response = await acs(form.toString());
    expect([response.status, response.headers.get('location'), response.headers.get('set-cookie')]).toEqual([
      ...[303, callback, null],
    ]);
    expect(lastInput()).toEqual({ connection_id: id, response: 'PHg+', relay_state: STATE });
    services.reset();
    for (const [body, type, status] of [
      ['RelayState=x', undefined, 409],
      [`SAMLResponse=${'a'.repeat(600_000)}&RelayState=x`, undefined, 409],
      ['a='.repeat(500_000), undefined, 413],
      [form.toString(), 'text/plain', 415],
      [form.toString(), 'multipart/form-data', 415],
    ] as const)
      expect((await acs(body, type)).status).toBe(status);
    // A form is a form at this address only: elsewhere it would be a way around the checks of pages.
    const elsewhere = await gateway.fetch('/v1/sessions', {
      ...{ method: 'POST', body: 'email=a%40b.example&password=x' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(elsewhere.status).toBe(415);
    const wrong = await gateway.fetch('/v1/saml/none/metadata');
    expect([wrong.status, services.calls]).toEqual([404, []]);
    services.on(contracts.getSamlMetadata, () => ({ object: 'saml_metadata', xml: '<x/>' }));
    const metadata = await gateway.fetch(`/v1/saml/${id}/metadata`);
    expect([metadata.status, await metadata.text(), metadata.headers.get('content-type')]).toEqual([
      ...[200, '<x/>', 'application/samlmetadata+xml; charset=utf-8'],
    ]);
  });

  it('logs neither the state nor the code', async () => {
    await post('/v1/log-in/attempts/complete', ANSWER);
    await gateway.fetch(`/log-in/callback?${new URLSearchParams(ANSWER)}`);
    expect(gateway.output()).not.toContain(STATE);
    expect(gateway.output()).not.toContain(ANSWER.code);
  });
});
