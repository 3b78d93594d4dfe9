import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../src/routing/route-declaration.ts';
import { FakeServices, type Identities } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

/** Every public route with a request that its contract takes, and who may make it. */
const routes: [string, string, Caller[], unknown?][] = [
  [
    'POST',
    '/v1/partners',
    ['anonymous'],
    { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' },
  ],
  ['POST', '/v1/sessions', ['anonymous'], { email: 'ada@example.com', password: 'x' }],
  ['GET', '/v1/me', ['session', 'api_key', 'admin']],
  ['POST', '/v1/api-keys', ['session'], { name: 'default' }],
  ['GET', '/v1/api-keys', ['session']],
  ['DELETE', `/v1/api-keys/${contracts.newId('apiKey')}`, ['session']],
  ['GET', '/v1/plans', ['session', 'api_key', 'admin']],
  ['GET', '/v1/usage', ['session', 'api_key']],
  ['POST', '/v1/tickets', ['session', 'api_key'], { subject: 'a', body: 'b' }],
  ['GET', '/v1/tickets', ['session', 'api_key']],
  ['GET', `/v1/tickets/${contracts.newId('ticket')}`, ['session', 'api_key']],
  ['PATCH', `/v1/tickets/${contracts.newId('ticket')}`, ['session', 'api_key'], { status: 'closed' }],
  ['GET', '/v1/admin/health', ['admin']],
  ['GET', '/v1/admin/incidents', ['admin']],
  ['GET', `/v1/admin/incidents/${contracts.newId('incident')}`, ['admin']],
  ['GET', '/v1/admin/pauses', ['admin']],
  ['POST', '/v1/admin/pauses', ['admin'], { scope: 'all', reason: 'because' }],
  ['DELETE', `/v1/admin/pauses/${contracts.newId('pause')}`, ['admin']],
  ['GET', '/v1/admin/patterns?state=deciding', ['admin']],
  ['DELETE', `/v1/admin/patterns/${contracts.newId('pattern')}`, ['admin']],
  ['GET', '/v1/admin/verdicts?state=suggested', ['admin']],
  ['POST', `/v1/admin/verdicts/${contracts.newId('verdict')}/decision`, ['admin'], { decision: 'trial' }],
  ['GET', '/v1/admin/breakers', ['admin']],
  [
    'PUT',
    '/v1/admin/instances/billing-2/breakers/rpc.auth',
    ['admin'],
    { mode: 'open', reason: 'auth is being moved' },
  ],
  ['GET', '/v1/admin/events', ['admin']],
  ['DELETE', '/v1/sessions/current', ['session', 'admin']],
];
const callers: [keyof Identities | 'nobody', Caller | 'nobody' | 'refused'][] = [
  ['nobody', 'nobody'],
  ['malformed', 'refused'],
  ['revoked', 'refused'],
  ['owner', 'session'],
  ['member', 'session'],
  ['key', 'api_key'],
  ['admin', 'admin'],
];

describe('who may call what', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const matrix = routes.flatMap(([method, path, allowed, body]) =>
    callers.map(([identity, caller]) => ({ method, path, allowed, body, identity, caller })),
  );
  it.each(matrix)('$method $path by $identity', async ({ method, path, allowed, body, identity, caller }) => {
    services.reset();
    const response = await gateway.fetch(path, {
      method,
      ...(identity === 'nobody' ? {} : { bearer: services.identities[identity] }),
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const isOpen = allowed.includes('anonymous');
    const mayPass = isOpen || allowed.includes(caller as Caller);
    const asked = services.calls.filter(({ subject }) => subject !== contracts.verifyCredential.subject);
    if (mayPass) {
      expect([200, 201, 404]).toContain(response.status);
      expect(asked.length).toBe(path.endsWith('/events') ? 0 : 1);
    } else {
      const status = caller === 'nobody' || caller === 'refused' ? 401 : 403;
      expect(await problemOf(response)).toMatchObject({ status });
      expect(asked).toEqual([]);
      if (status === 401) expect(response.headers.get('www-authenticate')).toContain('Bearer');
    }
    await response.body?.cancel().catch(() => {});
  });

  it('covers every declared route', async () => {
    const document = (await (await gateway.fetch('/openapi.json')).json()) as {
      paths: Record<string, object>;
    };
    const declared = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const addressOf = (path: string) =>
      path
        .replace(/\?.*$/, '')
        .replace(/\/[a-z]{3}_\w{22}(?=\/|$)/, '/{id}')
        .replace(/\/instances\/[^/]+\/breakers\/[^/]+$/, '/instances/{instance}/breakers/{breaker}');
    const covered = routes.map(([method, path]) => `${method} ${addressOf(path)}`);
    expect(covered.sort()).toEqual(declared.sort());
  });

  it('tells services who calls, and nobody else can', async () => {
    services.reset();
    await gateway.fetch('/v1/me', {
      bearer: services.identities.key,
      headers: { Principal: 'forged', 'x-partner-id': 'par_x' },
    });
    const [call] = services.calls.filter(({ subject }) => subject === contracts.getIdentity.subject);
    expect(call?.call.principal).toMatchObject({ kind: 'api_key', role: 'none' });
  });

  it('does not look up a key with a wrong checksum', async () => {
    services.reset();
    const key = contracts.newApiKey('live');
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    expect((await gateway.fetch('/v1/plans', { bearer: wrong })).status).toBe(401);
    expect(services.calls).toEqual([]);
  });

  it('forgets a key at once when it was revoked elsewhere', async () => {
    const { key } = services.identities;
    const digest = contracts.credentialDigest(key);
    const principal = services.principals.get(digest)!;
    expect((await gateway.fetch('/v1/plans', { bearer: key })).status).toBe(200);
    services.principals.delete(digest);
    await services
      .bus('auth')
      .publish(contracts.credentialRevoked, { kind: 'api_key', id: principal.id, digest });
    let status = 200;
    for (let i = 0; status === 200 && i < 50; i++)
      status = (await gateway.fetch('/v1/plans', { bearer: key })).status;
    expect(status).toBe(401);
  });

  it('answers a missing and a foreign thing with the same bytes', async () => {
    const texts = [];
    const problem = async (id: string, bearer: string) => {
      const response = await gateway.fetch(`/v1/tickets/${id}`, {
        bearer,
        headers: { 'x-request-id': 'same' },
      });
      expect(response.status).toBe(404);
      return (await response.text()).replaceAll(id, 'ID');
    };
    for (const id of [contracts.newId('ticket'), contracts.newId('ticket')])
      texts.push(
        await problem(id, services.identities.owner),
        await problem(id, services.identities.otherKey),
      );
    expect(new Set(texts).size).toBe(1);
  });

  it.each(['*', '>', 'tic_*', '..%2f..', '%00', 'constructor', '__proto__'])(
    'takes no id like %s',
    async (id) => {
      services.reset();
      const response = await gateway.fetch(`/v1/tickets/${encodeURIComponent(id)}`, {
        bearer: services.identities.owner,
      });
      expect(response.status).toBe(400);
      expect(services.calls.filter(({ subject }) => subject.startsWith('rpc.support'))).toEqual([]);
    },
  );

  it('stops guessing', async () => {
    const limited = await startGateway({
      nats,
      redisUrl: `${redis.url}/1`,
      // By the day: a new minute in between would give new tries.
      env: { GATEWAY_LIMIT_ADDRESS_DAILY: '20', SERVICE_INSTANCE: 'gateway-2' },
    });
    try {
      const statuses = [];
      services.reset();
      for (let i = 0; i < 40; i++)
        statuses.push((await limited.fetch('/v1/plans', { bearer: contracts.newApiKey('live') })).status);
      expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
      expect(statuses.at(-1)).toBe(429);
      expect(services.calls.length).toBeLessThan(25);
      expect((await limited.fetch('/v1/plans', { bearer: services.identities.otherKey })).status).toBe(429);
    } finally {
      await limited.stop();
    }
  });
});

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem.status).toBe(response.status);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  return problem;
}
