import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('an impersonation at the gateway', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  const partnerId = contracts.newId('partner');
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  beforeEach(() => {
    services.reset();
    services.on(contracts.startImpersonation, ({ session_digest, reason }) => {
      const id = contracts.newId('session');
      const impersonator = contracts.newId('user');
      services.principals.set(session_digest as string, {
        ...{ kind: 'session', id, partner_id: partnerId, user_id: impersonator, role: 'owner', mode: null },
        ...{ impersonator, access: 'read' },
      });
      const at = new Date(Date.now() + 3_600_000).toISOString();
      const partner = { object: 'partner', id: partnerId, name: 'Ada Energy', created_at: at };
      return { object: 'impersonation', id, partner, access: 'read', reason, expires_at: at, token: null };
    });
    services.on(contracts.endImpersonation, (_, { principal }) => ({
      ...{ object: 'impersonation', id: principal?.id, ended_at: new Date().toISOString() },
    }));
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const body = JSON.stringify({ partner_id: partnerId, reason: 'Ticket 7' });
  const json = { 'content-type': 'application/json' };
  const start = (headers: Record<string, string>, bearer?: string) =>
    gateway.fetch('/v1/admin/impersonations', {
      ...{ method: 'POST', headers: { ...json, ...headers }, body },
      ...(bearer && { bearer }),
    });

  it('gives a program a token, marks every response, and refuses writes', async () => {
    const response = await start({}, services.identities.admin);
    expect(response.headers.get('set-cookie')).toBeNull();
    const { token } = (await response.json()) as { token: string };
    const read = await gateway.fetch('/v1/tickets', { bearer: token });
    expect(read.status).toBe(200);
    expect(read.headers.get('impersonated-by')).toMatch(/^usr_[0-9A-Za-z]{22}; access=read$/);
    expect(services.calls.at(-1)?.call.origin?.network).toBe('127.0.0.0/24');
    const write = await gateway.fetch('/v1/api-keys', {
      method: 'POST',
      headers: json,
      body: '{}',
      bearer: token,
    });
    expect(write.status).toBe(403);
    expect(write.headers.get('impersonated-by')).not.toBeNull();
    expect(
      (await gateway.fetch('/v1/me', { bearer: services.identities.owner })).headers.get('impersonated-by'),
    ).toBeNull();
    expect(
      (await gateway.fetch('/v1/impersonations/current', { method: 'DELETE', bearer: token })).status,
    ).toBe(200);
  });

  it('takes the place of the own session of a browser, and gives it back', async () => {
    const own = services.identities.admin;
    const page = (cookie: string, token: string) => ({
      ...{ cookie, 'sec-fetch-site': 'same-origin' },
      'csrf-token': contracts.csrfTokenOf(contracts.credentialDigest(token)),
    });
    const response = await start(page(`session=${own}`, own));
    expect(await response.json()).toMatchObject({ token: null });
    const cookies = response.headers.getSetCookie();
    const tokenIn = (list: readonly string[], name: string) =>
      list.find((one) => one.startsWith(`${name}=`))?.match(/=(ses_[0-9A-Za-z]{43});/)?.[1];
    const token = tokenIn(cookies, 'session') as string;
    expect(token).not.toBe(own);
    expect(tokenIn(cookies, 'own-session')).toBe(own);
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);

    const ended = await gateway.fetch('/v1/impersonations/current', {
      method: 'DELETE',
      headers: page(`session=${token}; own-session=${own}`, token),
    });
    expect(ended.status).toBe(200);
    expect(tokenIn(ended.headers.getSetCookie(), 'session')).toBe(own);
    expect(ended.headers.getSetCookie()).toContainEqual(expect.stringMatching(/^own-session=; .*Max-Age=0/));
  });
});
