import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

describe('how a body is framed', () => {
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
  const send = (method: string, path: string, headers: string, body: string) =>
    rawRequest(gateway.port, [
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${services.identities.owner}\r\n${headers}Connection: close\r\n\r\n${body}`,
    ]);
  const chunks = '2\r\n{}\r\n0\r\n\r\n';

  it('refuses a transfer coding besides chunked, since it is not decoded', async () => {
    const { status, text } = await send(
      'POST',
      '/v1/tickets',
      'Transfer-Encoding: gzip, chunked\r\n',
      chunks,
    );
    expect(status).toBe(400);
    expect(text).toContain('GATEWAY.REQUEST_MALFORMED');
    expect((await send('POST', '/v1/tickets', 'Transfer-Encoding: Chunked\r\n', chunks)).text).toContain(
      'PLATFORM.INVALID_INPUT',
    );
  });

  it.each(['', 'Content-Length: 0\r\n'])(
    'takes a DELETE of type JSON without a body: %j',
    async (headers) => {
      expect((await send('DELETE', '/v1/sessions/current', headers, '')).text).not.toContain(
        'BODY_MALFORMED',
      );
      expect((await send('POST', '/v1/tickets', 'Content-Length: 0\r\n', '')).text).toContain(
        'BODY_MALFORMED',
      );
    },
  );
});
