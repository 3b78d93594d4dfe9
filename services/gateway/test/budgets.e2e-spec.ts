import * as contracts from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { RedisClient } from '@gridworks/runtime';
import {
  eventually,
  type NatsServer,
  type RedisServer,
  recordHealing,
  startNats,
  startRedis,
} from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

const IN_A_MONTH = new Date(Date.now() + 30 * 86_400_000).toISOString();
let generations = 0;

describe('budgets at which calls stop', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateways: GatewayUnderTest[] = [];
  /** What billing says about each partner. */
  const allowances = new Map<string, contracts.CallAllowance>();
  /** Partners and generations that gateways said are used up. */
  const usedUp: string[] = [];
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateways = await Promise.all(
      ['gateway', 'gateway-2'].map((name) =>
        startGateway({ nats, redisUrl: redis.url, env: { SERVICE_INSTANCE: name } }),
      ),
    );
  });
  beforeEach(() => {
    services.reset();
    services.on(contracts.getEntitlements, ({ partner_id, used_up }) => {
      if (used_up !== undefined) usedUp.push(`${partner_id} ${used_up}`);
      const budget = allowances.get(partner_id) ?? null;
      return { limits: { burst_per_minute: 100_000, daily: 1_000_000 }, overrides: [], budget };
    });
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const allow = (calls: number, more: Partial<contracts.CallAllowance> = {}): contracts.CallAllowance => ({
    ...{ generation: String(++generations), calls, ends_at: IN_A_MONTH, next_calls: calls },
    ...more,
  });
  const say = async (partner_id: string, allowance: contracts.CallAllowance | null) => {
    if (allowance) allowances.set(partner_id, allowance);
    else allowances.delete(partner_id);
    const at = new Date().toISOString();
    await services.bus('billing').publish(contracts.entitlementsChanged, { partner_id, at });
  };
  const call = (index: number, bearer: string, path = '/v1/plans') =>
    (gateways[index % gateways.length] as GatewayUnderTest).fetch(path, { bearer });
  /** How many calls of these keys, at once and to all gateways, were let through. */
  const letThrough = async (keys: readonly string[], times: number): Promise<number> => {
    const statuses: number[] = [];
    await Promise.all(
      keys.map(async (key, index) => {
        for (let n = 0; n < times; n++) statuses.push((await call(index + n, key)).status);
      }),
    );
    expect(statuses.filter((status) => status !== 200 && status !== 402)).toEqual([]);
    return statuses.filter((status) => status === 200).length;
  };
  /** Waits until each gateway has said that it is there after both had: then each knows that there are two. */
  const knowEachOther = async () => {
    const logger = createLogger({ service: 'gateway', instance: 'gateway', level: 'silent' });
    const { healing } = recordHealing();
    const options = { url: redis.url, service: 'gateway', logger, degraded: '', healing };
    const client = await RedisClient.connect(options);
    const said = () =>
      client.attempt(async (one) =>
        (await one.zRangeWithScores('limit:gateways', 0, -1)).map(({ score }) => score),
      );
    const both = await eventually(
      async () => {
        const scores = await said();
        if (scores.length < 2) throw new Error(`${scores.length} gateways`);
        return Math.max(...scores);
      },
      { timeoutMs: 15_000 },
    );
    await eventually(async () => expect(Math.min(...(await said()))).toBeGreaterThan(both), {
      timeoutMs: 15_000,
    });
    client.close();
  };
  const countedOf = (partner: string) => services.usage.filter(({ partner_id }) => partner_id === partner);

  it('are never overspent, however many keys call at a time at all gateways', async () => {
    const partner = contracts.newId('partner');
    allowances.set(partner, allow(150));
    const keys = Array.from({ length: 40 }, () => services.issue(partner, 'api_key'));
    let through = await letThrough(keys, 10);
    expect(through).toBeLessThanOrEqual(150);
    expect(through).toBeGreaterThan(130);
    // What one gateway has leased and another one wants is used up by the next calls.
    await eventually(async () => {
      through += await letThrough(keys.slice(0, 4), 4);
      expect(through).toBe(150);
    });
    expect(await letThrough(keys, 2)).toBe(0);
    // Refused calls are not metered.
    await eventually(async () => expect(countedOf(partner)).toHaveLength(150));
    // Billing is asked twice a second at most, so a later refused call may be the one that tells.
    await eventually(async () => {
      expect((await call(0, keys[0] as string)).status).toBe(402);
      return usedUp.some((one) => one.startsWith(partner));
    });
  });

  it('refuse with a stable code, and never what people need: tickets and who they are, which is then free', async () => {
    const partner = contracts.newId('partner');
    allowances.set(partner, allow(1));
    const [key, test] = [services.issue(partner, 'api_key'), services.issue(partner, 'session')];
    expect((await call(0, key)).status).toBe(200);
    const refused = await call(1, key);
    expect(refused.status).toBe(402);
    expect(await refused.json()).toMatchObject({
      ...{ code: 'BILLING.BUDGET_REACHED', status: 402, type: '/problems/BILLING.BUDGET_REACHED' },
      detail: expect.stringContaining(IN_A_MONTH),
    });
    for (const path of ['/v1/tickets', '/v1/me']) expect((await call(0, key, path)).status).toBe(200);
    for (const path of ['/v1/plans', '/v1/invoices']) expect((await call(0, test, path)).status).toBe(200);
    await eventually(async () => expect(countedOf(partner)).toHaveLength(1));
  });

  it('are lifted within a second when billing says so', async () => {
    const partner = contracts.newId('partner');
    allowances.set(partner, allow(2));
    const key = services.issue(partner, 'api_key');
    expect(await letThrough([key], 5)).toBe(2);
    const open = (through: boolean) =>
      eventually(
        async () => {
          for (const index of [0, 1]) expect((await call(index, key)).status).toBe(through ? 200 : 402);
        },
        { timeoutMs: 1000 },
      );
    await say(partner, allow(1_000));
    await open(true);
    await say(partner, allow(0));
    await open(false);
    await say(partner, null);
    await open(true);
  });

  it('begin anew when the month ends, also while billing is away', async () => {
    const partner = contracts.newId('partner');
    const ends_at = new Date(Date.now() + 2_000).toISOString();
    allowances.set(partner, allow(1, { ends_at, next_calls: 3 }));
    const key = services.issue(partner, 'api_key');
    expect(await letThrough([key], 3)).toBe(1);
    services.on(contracts.getEntitlements, () => {
      throw new contracts.AppError(contracts.UNAVAILABLE);
    });
    await eventually(async () => expect((await call(0, key)).status).toBe(200), { timeoutMs: 6000 });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(ends_at));
    expect(await letThrough([key], 6)).toBe(2);
  });

  it('hold while the shared count is away: each gateway lets through its share at most', async () => {
    const partner = contracts.newId('partner');
    allowances.set(partner, allow(40));
    const keys = Array.from({ length: 4 }, () => services.issue(partner, 'api_key'));
    expect(await letThrough(keys, 2)).toBe(8);
    await knowEachOther();
    await redis.stop();
    const through = 8 + (await letThrough(keys, 30));
    expect(through).toBeLessThanOrEqual(40);
    expect(through).toBeGreaterThan(8);
  });
});
