import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

interface Problem {
  readonly code: string;
  readonly retry_after: number;
}

describe('a gateway whose event loop is late again and again', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({
      nats,
      redisUrl: redis.url,
      env: { GATEWAY_LIMIT_ADDRESS_BURST: '100000' },
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  /** Stops the process for most of the time, as blocking work would. */
  function holdUp(): () => Promise<void> {
    let goesOn = true;
    const held = (async () => {
      while (goesOn) {
        gateway.process.kill('SIGSTOP');
        await sleep(500);
        gateway.process.kill('SIGCONT');
        await sleep(30);
      }
    })();
    return async () => {
      goesOn = false;
      await held;
    };
  }
  const health = async () => {
    const response = await fetch(`${gateway.healthUrl}/health`);
    return (await response.json()) as { status: string; degraded: string[] };
  };
  const strangersCall = () => gateway.fetch('/v1/me', { bearer: services.identities.malformed });

  it('refuses unknown callers with 503, serves known callers and probes, and reports overload until it is over', async () => {
    const { key } = services.identities;
    expect((await gateway.fetch('/v1/plans', { bearer: key })).status).toBe(200);
    expect((await strangersCall()).status).toBe(401);
    const known: number[] = [];
    const probes: number[] = [];
    const release = holdUp();
    let refused: Response | undefined;
    try {
      refused = await eventually(
        async () => {
          known.push((await gateway.fetch('/v1/plans', { bearer: key })).status);
          probes.push((await gateway.fetch('/livez')).status);
          const response = await strangersCall();
          expect(response.status).toBe(503);
          return response;
        },
        { timeoutMs: 20_000 },
      );
    } finally {
      await release();
    }
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await refused.json()) as Problem).toMatchObject({ code: 'GATEWAY.OVERLOADED', retry_after: 1 });
    expect([...new Set(known)]).toEqual([200]);
    expect([...new Set(probes)]).toEqual([200]);
    expect(await health()).toMatchObject({
      status: 'warn',
      degraded: expect.arrayContaining([expect.stringMatching(/^overload:/)]),
    });
    const metrics = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/^gateway_overloaded 1$/m);
    expect(metrics).toMatch(/^gateway_shed_total\{reason="event_loop"\} [1-9]/m);
    await eventually(async () => expect((await health()).degraded.join()).not.toContain('overload:'), {
      timeoutMs: 15_000,
    });
    expect((await strangersCall()).status).toBe(401);
    const events = gateway.log().map(({ event }) => event);
    expect(events).toContain('overload.began');
    expect(events).toContain('overload.ended');
  });
});
