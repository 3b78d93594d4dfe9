import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

const OWN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
const TOKEN = `cha_${'a1'.repeat(21)}b`;
const CHALLENGE: contracts.LogInChallenge = {
  object: 'log_in_challenge',
  token: TOKEN,
  expires_at: new Date(Date.now() + 300_000).toISOString(),
  methods: ['totp', 'recovery_code'],
  public_key: null,
};

describe('second factors at the gateway', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  beforeEach(() => services.reset());
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = OWN) =>
    gateway.fetch(path, { method: 'POST', body: JSON.stringify(body), headers });
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  it('sends the challenge of a log-in with its error, and logs it nowhere', async () => {
    services.on(contracts.createBrowserSession, () => {
      throw new contracts.AppError(contracts.SECOND_FACTOR_REQUIRED, { details: { challenge: CHALLENGE } });
    });
    const body = { email: 'ada@example.com', password: 'correct horse battery' };
    const response = await post('/v1/browser-sessions', body);
    expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
    expect(await response.json()).toMatchObject({
      code: 'AUTH.SECOND_FACTOR_REQUIRED',
      challenge: CHALLENGE,
    });
    expect(JSON.stringify(gateway.log())).not.toContain(TOKEN);
    // Details of every other error stay inside.
    services.on(contracts.createBrowserSession, () => {
      throw new contracts.AppError(contracts.LOGIN_REFUSED, { details: { challenge: CHALLENGE } });
    });
    expect(await (await post('/v1/browser-sessions', body)).text()).not.toContain(TOKEN);
  });

  it.each([
    ['/v1/browser-sessions/complete', { challenge: TOKEN, proof: { method: 'totp', code: '123456' } }],
    ['/v1/browser-sessions/recover', { email: 'ada@example.com', recovery_code: '7k2m-9xqd-h4tw-c8rv' }],
  ])('%s begins a session in a cookie, for a page of this origin alone', async (path, body) => {
    const foreign = await post(path, body, { ...OWN, 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, await codeOf(foreign)]).toEqual([403, 'GATEWAY.CROSS_SITE']);
    expect(services.calls).toEqual([]);
    const response = await post(path, body);
    expect(response.status).toBe(201);
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] as string;
    expect(cookie).toMatch(/^session=ses_/);
    expect((await gateway.fetch('/v1/me', { headers: { ...OWN, cookie } })).status).toBe(200);
    const claimed = await post(path, { ...body, session_digest: '0'.repeat(64) });
    expect([claimed.status, await codeOf(claimed)]).toEqual([400, 'PLATFORM.INVALID_INPUT']);
  });

  it('takes exactly one proof', async () => {
    for (const proof of [
      {},
      { method: 'totp', code: '123456', recovery_code: '7k2m-9xqd-h4tw-c8rv' },
      { method: 'totp', code: '12345' },
      { method: 'password', password: 'correct horse battery' },
    ]) {
      const response = await post('/v1/sessions/complete', { challenge: TOKEN, proof });
      expect([response.status, await codeOf(response)]).toEqual([400, 'PLATFORM.INVALID_INPUT']);
    }
    expect(services.calls).toEqual([]);
  });

  it('refuses what needs a fresh proof by what it remembers, until the person has proved it', async () => {
    const token = contracts.newSessionToken();
    const digest = contracts.credentialDigest(token);
    const stale: contracts.Principal = {
      ...{ kind: 'session', id: contracts.newId('session'), role: 'owner', mode: null },
      ...{ partner_id: contracts.newId('partner'), user_id: contracts.newId('user') },
      authenticated_at: new Date(Date.now() - contracts.STEP_UP_MS - 1000).toISOString(),
    };
    services.principals.set(digest, stale);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const makeKey = () => post('/v1/api-keys', { name: 'x' }, headers);
    const refused = await makeKey();
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'AUTH.STEP_UP_REQUIRED']);
    await makeKey();
    // What needs no proof goes on, and no service is asked but once for the credential and the limits of its partner.
    expect((await gateway.fetch('/v1/me', { bearer: token })).status).toBe(200);
    expect(services.calls.map(({ subject }) => subject)).toEqual([
      contracts.verifyCredential.subject,
      contracts.getEntitlements.subject,
      contracts.getIdentity.subject,
    ]);
    services.on(contracts.completeStepUp, () => {
      services.principals.set(digest, { ...stale, authenticated_at: new Date().toISOString() });
      return { object: 'step_up' };
    });
    expect(
      (
        await post(
          '/v1/step-ups',
          { proof: { method: 'password', password: 'correct horse battery' } },
          headers,
        )
      ).status,
    ).toBe(201);
    expect((await makeKey()).status).toBe(201);
  });

  it('asks for the principal again when another gateway tells that the person has proved it', async () => {
    const token = contracts.newSessionToken();
    const digest = contracts.credentialDigest(token);
    const principal = { ...services.principals.get(contracts.credentialDigest(services.identities.owner))! };
    const id = contracts.newId('session');
    services.principals.set(digest, { ...principal, id, authenticated_at: '2026-01-01T00:00:00.000Z' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const makeKey = async () => (await post('/v1/api-keys', { name: 'x' }, headers)).status;
    expect(await makeKey()).toBe(403);
    services.principals.set(digest, { ...principal, id });
    expect(await makeKey()).toBe(403);
    await services.bus('auth').publish(contracts.sessionProved, { id, digest });
    await eventually(async () => expect(await makeKey()).toBe(201));
  });
});
