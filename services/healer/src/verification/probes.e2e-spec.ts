import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import {
  eventually,
  type NatsServer,
  type PostgresServer,
  type RedisServer,
  startNats,
  startPostgres,
  startRedis,
} from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { probeNats } from './nats-probe.ts';
import { probePostgres } from './postgres-probe.ts';
import { probeRedis } from './redis-probe.ts';

describe('the probes of the servers', () => {
  let nats: NatsServer;
  let postgres: PostgresServer;
  let redis: RedisServer;

  beforeAll(async () => {
    [nats, postgres, redis] = await Promise.all([
      startNats({ withPermissions: true }),
      startPostgres(),
      startRedis(),
    ]);
  }, 60_000);
  afterAll(() => Promise.all([nats?.stop(), postgres?.stop(), redis?.stop()]));

  const servers = () =>
    [
      ['NATS', nats, () => probeNats({ url: nats.url, ...nats.credentials('healer') }, 400)],
      ['PostgreSQL', postgres, () => probePostgres(postgres.url, 400)],
      ['Redis', redis, () => probeRedis(redis.url, 400)],
    ] as const;

  it('say good when they work, bad when they hang, and good again', async () => {
    for (const [name, server, probe] of servers()) {
      expect([name, await probe()]).toMatchObject([name, { status: 'good' }]);
      server.freeze();
      expect([name, await probe()]).toMatchObject([name, { status: 'bad' }]);
      server.thaw();
      await eventually(async () => expect(await probe()).toMatchObject({ status: 'good' }));
    }
  });

  it('say bad when they are gone, and that NATS is another boot afterwards', async () => {
    const boot = (await probeNats({ url: nats.url, ...nats.credentials('healer') }, 400)).boot;
    for (const [name, server, probe] of servers()) {
      await server.kill9();
      expect([name, await probe()]).toMatchObject([name, { status: 'bad' }]);
      await server.restart();
      await eventually(async () => expect(await probe()).toMatchObject({ status: 'good' }));
    }
    const after = (await probeNats({ url: nats.url, ...nats.credentials('healer') }, 400)).boot;
    expect(after).not.toBe(boot);
  }, 40_000);

  it('say bad when the server refuses us', async () => {
    expect(await probeNats({ url: nats.url, user: 'healer', password: 'wrong' }, 400)).toMatchObject({
      status: 'bad',
    });
    await postgres.query('create database closed');
    await postgres.query('alter database closed allow_connections false');
    const url = new URL(postgres.url);
    url.pathname = '/closed';
    // The refusal comes after the request for a password, which shows that the server accepts sessions.
    expect(await probePostgres(url.href, 400)).toMatchObject({ status: 'good' });
  });
});

describe('a probe that meets something else', () => {
  const listeners = new Set<Server>();
  const talk = async (first: string | Buffer | null, thenClose = false): Promise<string> => {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      if (first !== null) socket.write(first);
      if (thenClose) socket.end();
    });
    listeners.add(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterAll(() => {
    for (const server of listeners) server.close();
  });
  const error = (code: string): Buffer => {
    const body = Buffer.from(`SFATAL\0C${code}\0Mthe database system is starting up\0\0`);
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const noise = Buffer.alloc(100_000, 0x41);

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', false],
    ['junk', Buffer.from([0, 255, 0, 255, 13, 10]), false],
    ['noise', noise, false],
    ['half a greeting', 'INFO {"server', true],
    ['not JSON', 'INFO {{{\r\n', false],
    ['nothing', null, false],
    ['a closed port', null, true],
  ])('%s, says bad and never throws', async (_name, first, thenClose) => {
    const address = await talk(first, thenClose);
    expect(await probeNats({ url: `nats://${address}` }, 200)).toMatchObject({ status: 'bad' });
    expect(await probePostgres(`postgres://u:p@${address}/d`, 200)).toMatchObject({ status: 'bad' });
    expect(await probeRedis(`redis://${address}`, 200)).toMatchObject({ status: 'bad' });
  });

  it('does not count a recovering server as healthy', async () => {
    const pg = await talk(error('57P03'));
    expect(await probePostgres(`postgres://u@${pg}/d`, 300)).toMatchObject({
      status: 'bad',
      detail: expect.stringContaining('57P03'),
    });
    const redis = await talk('-LOADING Redis is loading the dataset in memory\r\n');
    expect(await probeRedis(`redis://${redis}`, 300)).toMatchObject({
      status: 'bad',
      detail: expect.stringContaining('LOADING'),
    });
  });
});
