import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { closeSockets, openSockets, type RawSocket } from './raw-sockets.ts';

const SLOW_BODY = ['Host: x', 'Content-Type: application/json', 'Content-Length: 1000', '', '{'].join('\r\n');
/** Another network address than the one that the tests' own calls come from. */
const ATTACKER = '127.0.0.2';

describe('a flood from one caller', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  let sockets: RawSocket[] = [];
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
  beforeEach(() => services.reset());
  afterEach(async () => {
    await closeSockets(sockets);
    sockets = [];
  });

  /** The statuses that callers with another address and another credential get during the flood. */
  async function bystanders(): Promise<number[]> {
    const statuses: number[] = [];
    for (let i = 0; i < 20; i++) {
      const { otherKey, owner } = services.identities;
      for (const bearer of [otherKey, owner]) {
        const response = await gateway.fetch('/v1/me', { bearer });
        statuses.push(response.status);
        await response.arrayBuffer();
      }
    }
    return [...new Set(statuses)];
  }
  const login = () =>
    gateway.fetch('/v1/sessions', {
      method: 'POST',
      body: '{"email":"a@example.com","password":"correct horse"}',
      headers: { 'content-type': 'application/json' },
    });
  const metric = async (name: string) => {
    const text = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const statusesOf = (all: readonly RawSocket[]) =>
    new Set(
      all.flatMap((one) => [...one.text().matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)),
    );

  it('of bodies that never arrive, to an address that does not exist, harms no other caller', async () => {
    sockets = await openSockets(gateway.port, 1100, `POST /nope HTTP/1.1\r\n${SLOW_BODY}`, {
      from: ATTACKER,
    });
    expect(await bystanders()).toEqual([200]);
    expect((await login()).status).toBe(201);
    // Each gets its response from its head alone, or is refused by the quota of its address; then it is closed.
    await eventually(() => expect(sockets.filter((one) => one.isOpen())).toHaveLength(0), {
      timeoutMs: 10_000,
    });
    expect([...statusesOf(sockets)].sort()).toEqual(['404', '429']);
  });

  it('of bodies that never arrive, to a public route, harms no other caller and ends', async () => {
    sockets = await openSockets(gateway.port, 1100, `POST /v1/sessions HTTP/1.1\r\n${SLOW_BODY}`, {
      from: '127.0.0.3',
    });
    expect(await bystanders()).toEqual([200]);
    expect((await login()).status).toBe(201);
    await eventually(() => expect(statusesOf(sockets)).toContain('429'));
    await eventually(() => expect(sockets.filter((one) => one.isOpen())).toHaveLength(0), {
      timeoutMs: 15_000,
    });
    await eventually(async () => expect(await metric('gateway_open_callers')).toBe(0));
  });

  it('of bodies that never arrive, with one key, harms no other caller', async () => {
    const head = `POST /v1/tickets HTTP/1.1\r\nAuthorization: Bearer ${services.identities.key}\r\n${SLOW_BODY}`;
    expect((await gateway.fetch('/v1/me', { bearer: services.identities.key })).status).toBe(200);
    sockets = await openSockets(gateway.port, 400, head, { from: ATTACKER });
    expect(await bystanders()).toEqual([200]);
    await eventually(() => expect(statusesOf(sockets)).toContain('429'));
  });

  it('of too many connections from one address leaves connections for others', async () => {
    sockets = await openSockets(gateway.port, 1600, 'GET /livez HTTP/1.1\r\nHost: x\r\n', {
      from: '127.0.0.4',
    });
    await eventually(() => expect(sockets.filter((one) => one.isOpen()).length).toBeLessThanOrEqual(1500));
    expect(await bystanders()).toEqual([200]);
  });

  it('of unknown credentials is counted before any is verified', async () => {
    let requested = 0;
    const waiting: (() => void)[] = [];
    services.on(contracts.verifyCredential, async ({ digest }) => {
      const principal = services.principals.get(digest);
      if (principal) return { principal, expires_at: null };
      requested += 1;
      await new Promise<void>((resolve) => waiting.push(resolve));
      throw new contracts.AppError(contracts.CREDENTIAL_REFUSED);
    });
    const open = async (count: number, from: string) => {
      for (let i = 0; i < count; i += 10) {
        const heads = Array.from(
          { length: 10 },
          () =>
            `GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${contracts.newSessionToken()}\r\n\r\n`,
        );
        sockets.push(...(await openSockets(gateway.port, 1, heads.join(''), { from })));
      }
    };
    await open(1500, '127.0.0.5');
    expect(await bystanders()).toEqual([200]);
    await eventually(() => expect(requested).toBeGreaterThan(0));
    expect(requested).toBeLessThanOrEqual(250);
    for (const response of waiting) response();
  });

  it('pipelined with one key uses no more than its bound, and releases it', async () => {
    const { key } = services.identities;
    expect((await gateway.fetch('/v1/plans', { bearer: key })).status).toBe(200);
    let working = 0;
    const waiting: (() => void)[] = [];
    services.on(contracts.listPlans, async () => {
      working += 1;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { object: 'list', url: '/v1/plans', has_more: false, data: [] };
    });
    const head = `GET /v1/plans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`;
    sockets = await openSockets(gateway.port, 4, head.repeat(500), { from: ATTACKER });
    await eventually(() => expect(working).toBeGreaterThan(100));
    expect(working).toBeLessThanOrEqual(250);
    expect(await bystanders()).toEqual([200]);
    // The connections end while most of their requests still wait for a response.
    await closeSockets(sockets);
    for (const response of waiting) response();
    await eventually(async () => expect(await metric('gateway_open_callers')).toBe(0));
    expect(await metric('gateway_working_calls')).toBe(0);
  });
});
