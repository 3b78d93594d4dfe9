import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

type Verified = contracts.OutputOf<typeof contracts.verifyCredential>;

describe('the rules of an API key', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  /** What auth says about each key. */
  const rules = new Map<string, Verified>();
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({
      nats,
      redisUrl: redis.url,
      env: { GATEWAY_TRUSTED_PROXIES: '127.0.0.1', GATEWAY_LIMIT_BURST: '1000' },
    });
  });
  beforeEach(() => {
    services.reset();
    services.on(contracts.verifyCredential, ({ digest }) => {
      const found = rules.get(digest);
      if (!found) throw new contracts.AppError(contracts.CREDENTIAL_REFUSED);
      return found;
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const principal = (scopes?: string[]): contracts.Principal => ({
    kind: 'api_key',
    id: contracts.newId('apiKey'),
    partner_id: contracts.newId('partner'),
    user_id: null,
    role: 'none',
    ...(scopes ? { permissions: scopes } : {}),
    mode: 'live',
  });
  const issue = (rule: Partial<Verified> = {}, key = contracts.newApiKey('live')) => {
    rules.set(contracts.credentialDigest(key), { principal: principal(), expires_at: null, ...rule });
    return key;
  };
  const call = (bearer: string, address = '203.0.113.7', path = '/v1/plans') =>
    gateway.fetch(path, { bearer, headers: { 'x-forwarded-for': address } });
  const change = async (key: string, rule: Partial<Verified>) => {
    const digest = contracts.credentialDigest(key);
    const { principal } = rules.get(digest) as Verified;
    rules.set(digest, { principal, expires_at: null, ...rule });
    const event = { kind: 'api_key' as const, id: principal.id, digest };
    await services.bus('auth').publish(contracts.credentialChanged, event);
  };
  const verifications = () =>
    services.calls.filter(({ subject }) => subject === contracts.verifyCredential.subject);

  it('refuses what its scopes do not contain, and names the scope', async () => {
    const key = issue({ principal: principal(['usage:read', 'tickets:read']) });
    expect((await call(key, undefined, '/v1/tickets')).status).toBe(200);
    const response = await call(key, undefined, '/v1/plans');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
      detail: 'This key lacks the scope plans:read.',
    });
    // What no key may do is no matter of scopes.
    expect(await (await call(key, undefined, '/v1/members')).json()).toMatchObject({
      detail: 'This is for a logged-in person of the partner.',
    });
  });

  it('holds with other scopes within a second after the change', async () => {
    const key = issue({ principal: principal(['usage:read']) });
    expect((await call(key)).status).toBe(403);
    await change(key, { principal: { ...principal(), permissions: ['plans:read'] } });
    await eventually(async () => expect((await call(key)).status).toBe(200), { timeoutMs: 1000 });
  });

  it.each([
    ['203.0.113.7', 200],
    ['203.0.114.7', 403],
    ['198.51.100.7', 200],
    ['198.51.100.8', 403],
    ['2001:db8::1', 200],
    ['2001:db9::1', 403],
    ['::ffff:203.0.113.9', 200],
  ])('from its networks alone: %s gets %i', async (address, status) => {
    const key = issue({ allowed_networks: ['203.0.113.0/24', '198.51.100.7', '2001:db8::/32'] });
    for (const _ of ['cold', 'warm']) {
      const response = await call(key, address);
      expect(response.status).toBe(status);
      if (status === 200) continue;
      expect(await response.json()).toMatchObject({
        code: 'AUTH.NETWORK_NOT_ALLOWED',
        detail: expect.stringContaining(address),
      });
    }
    expect(verifications()).toHaveLength(1);
  });

  it('is not fooled by an address that the caller claims', async () => {
    const key = issue({ allowed_networks: ['203.0.113.0/24'] });
    expect((await call(key, '203.0.113.7, 198.51.100.7')).status).toBe(403);
    expect((await call(key, '198.51.100.7, 203.0.113.7')).status).toBe(200);
  });

  it('is neither metered nor counted for its quota from elsewhere', async () => {
    const key = issue({ allowed_networks: ['203.0.113.0/24'] });
    const { id } = (rules.get(contracts.credentialDigest(key)) as Verified).principal;
    for (let i = 0; i < 5; i++) expect((await call(key, '198.51.100.9')).status).toBe(403);
    const response = await call(key);
    // A burst of 1,000, of which this call is the first.
    expect(response.headers.get('ratelimit')).toContain('r=999');
    await eventually(() =>
      expect(services.usage.filter(({ api_key_id }) => api_key_id === id)).toHaveLength(1),
    );
  });

  it('holds from other networks within a second after the change', async () => {
    const key = issue();
    expect((await call(key)).status).toBe(200);
    await change(key, { allowed_networks: ['198.51.100.0/24'] });
    await eventually(async () => expect((await call(key)).status).toBe(403), { timeoutMs: 1000 });
  });

  it('is limited by limits of its own, and the refusal names the one that is used up', async () => {
    const key = issue({
      limits: [
        { name: 'nightly', quota: 2, window_s: 86_400 },
        { name: 'burst', quota: 500, window_s: 60 },
      ],
    });
    const first = await call(key);
    expect(first.headers.get('ratelimit-policy')).toMatch(
      /^"burst";q=500;w=60,"daily";q=\d+;w=86400,"nightly";q=2;w=86400$/,
    );
    expect(first.headers.get('ratelimit')).toMatch(/^"nightly";r=1;t=\d+$/);
    expect((await call(key)).status).toBe(200);
    const refused = await call(key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"nightly";r=0;t=\d+$/);
    expect(await refused.json()).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      'violated-policies': ['nightly'],
    });
    // Other keys have their own counts.
    expect((await call(issue())).headers.get('ratelimit-policy')).toMatch(
      /^"burst";q=1000;w=60,"daily";q=\d+;w=86400$/,
    );
  });

  it('is limited by other limits within a second after the change, without a new start of its count', async () => {
    const nightly = (quota: number) => ({ limits: [{ name: 'nightly', quota, window_s: 86_400 }] });
    const key = issue(nightly(50));
    for (let i = 0; i < 10; i++) expect((await call(key)).status).toBe(200);
    await change(key, nightly(10));
    await eventually(async () => expect((await call(key)).status).toBe(429), { timeoutMs: 1000 });
    await change(key, nightly(100));
    const raised = await eventually(
      async () => {
        const response = await call(key);
        expect(response.status).toBe(200);
        return response;
      },
      { timeoutMs: 1000 },
    );
    // Ten calls and some that were leased count on.
    expect(Number(/r=(\d+)/.exec(raised.headers.get('ratelimit') ?? '')?.[1])).toBeLessThan(90);
    await change(key, {});
    await eventually(
      async () => expect((await call(key)).headers.get('ratelimit-policy')).not.toContain('nightly'),
      { timeoutMs: 1000 },
    );
  });

  it('is never permitted more by a limit of its own than every key is', async () => {
    const key = issue({ limits: [{ name: 'burst', quota: 1_000_000, window_s: 60 }] });
    expect((await call(key)).headers.get('ratelimit-policy')).toContain('"burst";q=1000;w=60');
  });

  it('ends at its time, without a request to auth', async () => {
    const key = issue({ expires_at: new Date(Date.now() + 1500).toISOString() });
    expect((await call(key)).status).toBe(200);
    await eventually(async () => expect((await call(key)).status).toBe(401), { timeoutMs: 5000 });
  });

  it('is in the document as the scope of each operation', async () => {
    const document = (await (await gateway.fetch('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security: Record<string, string[]>[]; description: string }>>;
    };
    const { security, description } = document.paths['/v1/tickets']?.post ?? {};
    expect(security).toContainEqual({ api_key: ['tickets:write'] });
    expect(description).toContain('needs the scope `tickets:write`');
  });
});
