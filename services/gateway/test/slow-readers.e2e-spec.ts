import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';
import { closeSockets, openSockets, type RawSocket } from './raw-sockets.ts';

const BIG_DOCUMENT = '/openapi.json';
/** Another network address than the one that the tests' own calls come from. */
const ATTACKER = '127.0.0.2';

describe('readers', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  let sockets: RawSocket[] = [];
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({
      nats,
      redisUrl: redis.url,
      env: { GATEWAY_LIMIT_ADDRESS_BURST: '20000' },
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  afterEach(async () => {
    await closeSockets(sockets);
    sockets = [];
  });
  const residentMb = async () => {
    const status = await readFile(`/proc/${gateway.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  };
  const isClosed = () => expect(sockets.filter((one) => one.isOpen())).toHaveLength(0);

  it('three hundred that read nothing use little memory and are closed', async () => {
    await (await gateway.fetch(BIG_DOCUMENT, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer();
    const before = await residentMb();
    const heads = `GET ${BIG_DOCUMENT} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(16);
    sockets = await openSockets(gateway.port, 300, heads, { from: ATTACKER, isPaused: true });
    expect((await gateway.fetch('/v1/plans', { bearer: services.identities.key })).status).toBe(200);
    await eventually(async () => expect(await openExchanges()).toBeGreaterThan(200));
    let most = 0;
    await eventually(
      async () => {
        most = Math.max(most, await residentMb());
        expect(await openExchanges()).toBeLessThan(10);
      },
      { timeoutMs: 25_000 },
    );
    expect(most - before).toBeLessThan(100);
  }, 45_000);

  /** Requests that have not ended, as the gateway counts them. */
  async function openExchanges(): Promise<number> {
    const text = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    return Number(/^service_in_flight (\d+)$/m.exec(text)?.[1]);
  }

  it('one that pipelines large responses and reads none is closed', async () => {
    const plans = { object: 'list', url: '/v1/plans', has_more: false, data: [] as unknown[] };
    let taken = 0;
    services.on(contracts.listPlans, () => {
      taken += 1;
      return {
        ...plans,
        data: Array.from({ length: 4000 }, (_, i) => ({
          object: 'plan',
          id: `plan-${i}`,
          name: 'x'.repeat(100),
          number: i,
        })),
      };
    });
    const head = `GET /v1/plans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${services.identities.key}\r\n\r\n`;
    sockets = await openSockets(gateway.port, 1, head.repeat(20), { from: ATTACKER, isPaused: true });
    // Counted where the requests arrive: the gateway may close the connection between two reads of its
    // metrics.
    await eventually(() => expect(taken).toBeGreaterThan(0));
    await eventually(async () => expect(await openExchanges()).toBe(0), { timeoutMs: 8_000 });
    // The client notices the close when it reads: first the bytes in the kernel, then the end.
    sockets[0]?.socket.resume();
    await eventually(isClosed);
    services.reset();
  });

  it.each(['/openapi.json', '/asyncapi.json'])(
    'get %s compressed, with an entity tag, and 304 when they have it',
    async (path) => {
      const plain = await gateway.fetch(path, { headers: { 'accept-encoding': 'identity' } });
      const text = await plain.text();
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(plain.headers.get('vary')).toBe('accept-encoding');
      const tag = plain.headers.get('etag') as string;
      expect(tag).toMatch(/^"[\w-]{22}"$/);
      const again = await gateway.fetch(path, {
        headers: { 'accept-encoding': 'identity', 'if-none-match': `"other", W/${tag}` },
      });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(tag);
      expect(again.headers.get('vary')).toBe('accept-encoding');
      for (const coding of ['gzip', 'br']) {
        const response = await gateway.fetch(path, { headers: { 'accept-encoding': coding } });
        expect(await response.text()).toBe(text);
        if (text.length < 1024) continue;
        expect(response.headers.get('content-encoding')).toBe(coding);
        expect(response.headers.get('etag')).toBe(tag.replace(/"$/, `-${coding}"`));
      }
    },
  );

  it('get the OpenAPI document in less than a tenth of its size', async () => {
    const head = `GET ${BIG_DOCUMENT} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`;
    const { text } = await rawRequest(gateway.port, [head]);
    const bytes = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
    expect(bytes.length * 10).toBeLessThan(gunzipSync(bytes).length);
  });
});
