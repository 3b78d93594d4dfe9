import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices, type Identities } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

interface Route extends contracts.SampleRequest {
  readonly operation: string;
  readonly permission: contracts.PublicAccess;
  readonly forwards: boolean;
}

/** Every public route, with a request that it accepts: those of the contracts, and the gateway's own. */
const routes: readonly Route[] = [
  ...contracts.PUBLIC_REQUESTS.map((contract) => ({
    ...contracts.sampleRequest(contract),
    operation: `${contract.http.method} ${contract.http.path}`,
    permission: contract.permission,
    forwards: true,
  })),
  ...(
    [
      ['/v1/admin/events', 'incidents:read'],
      ['/v1/events', 'audit:read'],
    ] as const
  ).map(([path, permission]) => ({
    ...{ method: 'GET' as const, path, operation: `GET ${path}` },
    ...{ permission, forwards: false },
  })),
];

/** What the role of the partner's own permits that a test caller has. */
const MAY_BY_ROLE = ['usage:read', 'members:write'] as const;
const isForEverybody = ({ personal, anonymous }: contracts.PermissionRule): boolean =>
  personal === true || anonymous === true;

/** Every kind of caller, and whether it holds a permission. */
type Caller = Exclude<keyof Identities, 'persons'> | contracts.Principal['role'] | 'nobody';
const callers: readonly (readonly [Caller, (rule: contracts.PermissionRule) => boolean])[] = [
  ['nobody', ({ anonymous }) => anonymous === true],
  ['malformed', () => false],
  ['revoked', () => false],
  ...[...contracts.PARTNER_ROLES, ...contracts.PLATFORM_ROLES].map(
    (role) => [role, ({ roles }: contracts.PermissionRule) => roles.includes(role)] as const,
  ),
  ['custom', (rule) => isForEverybody(rule) || MAY_BY_ROLE.some((name) => contracts.ruleOf(name) === rule)],
  ['none', isForEverybody],
  ['key', ({ keyScopes }) => keyScopes.includes('live')],
  ['otherKey', ({ keyScopes }) => keyScopes.includes('test')],
];
const bearerOf = (identities: Identities, name: Caller): string =>
  identities.persons[name as contracts.Principal['role']] ?? identities[name as 'key'];
const unknown: readonly string[] = ['nobody', 'malformed', 'revoked'];

/** What the gateway requests by itself: the entitlements of a partner are old after 20 seconds. */
const OWN_REQUESTS: readonly string[] = [
  contracts.verifyCredential.subject,
  contracts.getEntitlements.subject,
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

  const matrix = routes.flatMap((route) =>
    callers.map(([identity, holds]) => ({
      ...route,
      identity,
      mayPass: route.permission === 'public' || holds(contracts.ruleOf(route.permission)),
    })),
  );
  it.each(matrix)('$operation by $identity: $mayPass', async ({ method, path, body, ...one }) => {
    services.reset();
    const { identity, mayPass, forwards } = one;
    const response = await gateway.fetch(path, {
      method,
      ...(identity === 'nobody' ? {} : { bearer: bearerOf(services.identities, identity) }),
      ...(body ? { body: JSON.stringify(body) } : {}),
      // Sent as a page of this origin would, which some routes require.
      headers: { 'sec-fetch-site': 'same-origin', ...(body ? { 'content-type': 'application/json' } : {}) },
    });
    const requested = services.calls.filter(({ subject }) => !OWN_REQUESTS.includes(subject));
    if (mayPass) {
      expect([200, 201, 202, 404]).toContain(response.status);
      expect(requested.length).toBe(forwards ? 1 : 0);
    } else {
      const status = unknown.includes(identity) ? 401 : 403;
      expect(await problemOf(response)).toMatchObject({ status });
      expect(requested).toEqual([]);
      if (status === 401) expect(response.headers.get('www-authenticate')).toContain('Bearer');
    }
    await response.body?.cancel().catch(() => {});
  });

  it('covers every route of the document, and each names its permission', async () => {
    const document = (await (await gateway.fetch('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { 'x-permission': string }>>;
    };
    const declared = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        operation['x-permission'],
      ]),
    );
    const covered = routes.map(({ operation, permission }) => [operation, permission]);
    expect(covered.sort()).toEqual(declared.sort());
  });

  it('sends services a principal that only the gateway can sign', async () => {
    services.reset();
    await gateway.fetch('/v1/me', {
      bearer: services.identities.key,
      headers: { Principal: 'forged', 'x-partner-id': 'par_x' },
    });
    const [call] = services.calls.filter(({ subject }) => subject === contracts.getIdentity.subject);
    expect(call?.call.principal).toMatchObject({ kind: 'api_key', role: 'none' });
  });

  it('names the missing credential in the response', async () => {
    const { detail } = (await (await gateway.fetch('/v1/me')).json()) as { detail: string };
    // Problem documents are redacted, but this hint must not be.
    expect(detail).toBe('Send a key or a session token as a bearer token, in the Authorization header.');
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

  it('responds to a missing and a foreign resource with the same bytes', async () => {
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
    'refuses the id %s',
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
      // A limit by the day: a new minute in between would allow new attempts.
      env: { GATEWAY_LIMIT_ADDRESS_DAILY: '20', SERVICE_INSTANCE: 'gateway-2' },
    });
    try {
      const statuses = [];
      services.reset();
      for (let i = 0; i < 40; i++)
        statuses.push((await limited.fetch('/v1/plans', { bearer: contracts.newApiKey('live') })).status);
      expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
      expect(statuses.at(-1)).toBe(429);
      const guesses = services.calls.filter(({ subject }) => subject === contracts.verifyCredential.subject);
      expect(guesses.length).toBeLessThan(25);
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
