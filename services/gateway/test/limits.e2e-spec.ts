import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

type Entitlements = contracts.Entitlements;

describe('the limits', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateways: GatewayUnderTest[] = [];
  /** What billing says about each partner; 1,000 calls a minute and 20 a day about any other. */
  const entitlements = new Map<string, Entitlements>();
  const limitsOf = (burst_per_minute: number, daily: number, more: Partial<Entitlements> = {}) => ({
    ...{ limits: { burst_per_minute, daily }, overrides: [] },
    ...more,
  });
  const start = (name: string, env: Record<string, string> = {}) =>
    startGateway({
      ...{ nats, redisUrl: redis.url },
      env: {
        ...{ GATEWAY_LIMIT_BURST: '5000', GATEWAY_LIMIT_ADDRESS_DAILY: '7', SERVICE_INSTANCE: name },
        ...env,
      },
    });
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateways = await Promise.all(['gateway', 'gateway-2'].map((name) => start(name)));
  });
  beforeEach(() => {
    services.reset();
    services.on(
      contracts.getEntitlements,
      ({ partner_id }) => entitlements.get(partner_id) ?? limitsOf(1000, 20),
    );
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const gatewayAt = (index: number) => gateways[index % gateways.length] as GatewayUnderTest;
  const callAt = (index: number, bearer: string) => gatewayAt(index).fetch('/v1/plans', { bearer });
  /** A new key, or session, of a partner. */
  const issue = (partner_id: string, kind: 'api_key' | 'session' = 'api_key') =>
    services.issue(partner_id, kind);
  const setLimits = async (partner_id: string, said: Entitlements) => {
    entitlements.set(partner_id, said);
    const at = new Date().toISOString();
    await services.bus('billing').publish(contracts.entitlementsChanged, { partner_id, at });
  };
  const policyOf = (response: Response) => response.headers.get('ratelimit-policy');
  /** Waits until every gateway obeys, for a second at most. */
  const inForce = (bearer: string, policy: string) =>
    eventually(
      async () => {
        for (const [index] of gateways.entries())
          expect(policyOf(await callAt(index, bearer))).toContain(policy);
      },
      { timeoutMs: 1000 },
    );

  it('are in the headers of every response, and enforced over all gateways', async () => {
    const responses: Response[] = [];
    for (let i = 0; i < 30; i++) responses.push(await callAt(i, services.identities.key));
    const taken = responses.filter(({ status }) => status === 200);
    expect(taken.length).toBe(20);
    expect(policyOf(taken[0] as Response)).toBe('"burst";q=1000;w=60,"daily";q=20;w=86400');
    expect(taken[0]?.headers.get('ratelimit')).toMatch(/^"daily";r=19;t=\d+$/);

    const refused = responses.at(-1) as Response;
    expect(refused.status).toBe(429);
    const problem = (await refused.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      code: 'GATEWAY.QUOTA_EXCEEDED',
      'violated-policies': ['daily'],
    });
    const reset = Number(/t=(\d+)/.exec(refused.headers.get('ratelimit') ?? '')?.[1]);
    expect(refused.headers.get('ratelimit')).toMatch(/^"daily";r=0;t=/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(reset);
    expect(problem.retry_after).toBe(Number(refused.headers.get('retry-after')));
    // Another partner has a quota of its own.
    expect((await callAt(0, services.identities.otherKey)).status).toBe(200);
  });

  it('are those of the plan, counted for the partner over all its keys and sessions, also new ones', async () => {
    const partner = contracts.newId('partner');
    entitlements.set(partner, limitsOf(60, 1000));
    let taken = 0;
    let policy: string | null = '';
    for (let i = 0; i < 12; i++) {
      // A new credential every ten calls: it begins with nothing.
      const credential = issue(partner, i % 3 === 2 ? 'session' : 'api_key');
      for (let n = 0; n < 10; n++) {
        const response = await callAt(i + n, credential);
        policy = policyOf(response);
        if (response.status === 200) taken += 1;
        else expect(response.status).toBe(429);
      }
    }
    expect(policy).toBe('"burst";q=60;w=60,"daily";q=1000;w=86400');
    expect(taken).toBeLessThanOrEqual(60);
    expect(taken).toBeGreaterThanOrEqual(56);
  });

  it('change at every gateway within a second, without a new start of the count', async () => {
    const partner = contracts.newId('partner');
    const key = issue(partner);
    entitlements.set(partner, limitsOf(100, 1000));
    for (let i = 0; i < 30; i++) expect((await callAt(i, key)).status).toBe(200);
    await setLimits(partner, limitsOf(10, 1000));
    await inForce(key, '"burst";q=10;w=60');
    expect((await callAt(0, key)).status).toBe(429);
    await setLimits(partner, limitsOf(1000, 1000));
    await inForce(key, '"burst";q=1000;w=60');
    const response = await callAt(0, key);
    expect(response.status).toBe(200);
    expect(
      Number(/"burst";r=(\d+)/.exec(response.headers.get('ratelimit') ?? '"burst";r=0')?.[1]),
    ).toBeLessThan(970);
  });

  it('are those of an override until it expires, by itself, while billing is away', async () => {
    const partner = contracts.newId('partner');
    const key = issue(partner);
    const expires_at = new Date(Date.now() + 3000).toISOString();
    const override = { name: 'burst' as const, quota: 4000, expires_at };
    entitlements.set(partner, limitsOf(60, 1000, { overrides: [override] }));
    await inForce(key, '"burst";q=4000;w=60,"daily";q=1000;w=86400');
    services.on(contracts.getEntitlements, () => {
      throw new contracts.AppError(contracts.UNAVAILABLE);
    });
    await eventually(async () => expect(policyOf(await callAt(1, key))).toContain('"burst";q=60;w=60'), {
      timeoutMs: 6000,
    });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at));
  });

  it('are never above those of the platform', async () => {
    const partner = contracts.newId('partner');
    entitlements.set(partner, limitsOf(1e9, 1e12));
    expect(policyOf(await callAt(0, issue(partner)))).toBe('"burst";q=5000;w=60,"daily";q=100000000;w=86400');
  });

  it('are the last known ones while billing is away, also at a gateway that starts then', async () => {
    const [known, unknown] = [contracts.newId('partner'), contracts.newId('partner')];
    entitlements.set(known, limitsOf(700, 7000));
    await inForce(issue(known), '"burst";q=700;w=60');
    await services.stopService('billing');
    try {
      const third = await start('gateway-3');
      gateways.push(third);
      for (const index of [0, 1, 2])
        expect(policyOf(await gatewayAt(index).fetch('/v1/me', { bearer: issue(known) }))).toBe(
          '"burst";q=700;w=60,"daily";q=7000;w=86400',
        );
      // Nobody has ever heard of this one: it gets what the plan `free` has.
      expect(policyOf(await third.fetch('/v1/me', { bearer: issue(unknown) }))).toBe(
        '"burst";q=60;w=60,"daily";q=1000;w=86400',
      );
    } finally {
      await services.startService('billing');
      await gateways.splice(2, 1)[0]?.stop();
    }
    await inForce(issue(unknown), '"burst";q=1000;w=60,"daily";q=20;w=86400');
  });

  it('are those of the platform for people without a partner, each alone', async () => {
    const { persons } = services.identities;
    for (const role of ['platform_admin', 'platform_sre', 'none'] as const) {
      const response = await gatewayAt(0).fetch('/v1/me', { bearer: persons[role] });
      expect(policyOf(response)).toBe('"burst";q=5000;w=60,"daily";q=100000000;w=86400');
      expect(response.headers.get('ratelimit')).toMatch(/^"burst";r=4999;t=\d+$/);
    }
  });

  it('are those of the address when no credential is sent or needed', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await gateways[0]!.fetch('/v1/plans')).status);
    expect(statuses).toEqual([...Array(7).fill(200), 429]);
    const other = await gateways[1]!.fetch('/v1/plans');
    expect(policyOf(other)).toBe('"burst";q=600;w=60,"daily";q=7;w=86400');
  });
});
