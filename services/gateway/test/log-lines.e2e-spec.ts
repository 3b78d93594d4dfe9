import { LOG_EVENTS, type LogEvent } from '@gridworks/observability';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('the log of a service', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    // Everything is logged, that of NestJS and of an OpenTelemetry without a collector, too.
    const env = { LOG_LEVEL: 'trace', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    gateway = await startGateway({ nats, redisUrl: redis.url, env });
  });
  afterAll(async () => {
    await gateway?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  const logged = () => gateway.log().map(({ event }) => event);

  it('has on every line a code of the table with its level and sentence, whatever happens', async () => {
    // No billing answers.
    await eventually(async () => expect((await gateway.fetch('/v1/plans')).status).toBe(503));
    await Promise.all([nats.kill9(), redis.kill9()]);
    await eventually(() => expect(logged()).toEqual(expect.arrayContaining(['bus.disconnected'])));
    await Promise.all([nats.restart(), redis.restart()]);
    await eventually(
      () =>
        expect(logged()).toEqual(
          expect.arrayContaining(['bus.connected', 'redis.disconnected', 'open_telemetry.failed']),
        ),
      { timeoutMs: 30_000 },
    );
    expect(await gateway.drain()).toBe(0);

    const lines = gateway.output().trimEnd().split('\n');
    const unknown = lines.filter((text) => {
      const line = JSON.parse(text) as { event: LogEvent; level: string; message: string };
      const row = Object.hasOwn(LOG_EVENTS, line.event) ? LOG_EVENTS[line.event] : undefined;
      return row?.level !== line.level || row.meaning !== line.message;
    });
    expect(unknown).toEqual([]);
    expect(logged()).toEqual(
      expect.arrayContaining(['service.started', 'nest.message', 'http.request_failed', 'service.stopped']),
    );
  });
});
