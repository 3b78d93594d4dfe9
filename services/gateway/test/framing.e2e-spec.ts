import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { type RawResponse, rawRequest } from './raw-request.ts';

describe('the framing of a body', () => {
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

  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const codings = [
    'gzip, chunked',
    'gzip',
    'identity',
    'chunked, gzip',
    'chunked, chunked',
    'gzip\r\nTransfer-Encoding: chunked',
  ];
  /** The text is not checked for HEAD, whose response has no body. */
  const expectProblem = ({ status, text, tookMs }: RawResponse, expected: number, code: string) => {
    expect({ status, code: text.includes(code) || !text.includes('{') }).toEqual({
      status: expected,
      code: true,
    });
    expect(text).toMatch(/^content-type: application\/problem\+json(; charset=utf-8)?\r$/im);
    expect(text).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect(tookMs).toBeLessThan(2500);
  };

  it.each(codings)('refuses the transfer coding %j, since it is not decoded', async (coding) => {
    for (const path of ['/v1/tickets', '/v1/sessions/current', '/livez', '/nope'])
      for (const method of methods)
        expectProblem(
          await send(method, path, `Transfer-Encoding: ${coding}\r\n`, chunks),
          400,
          'GATEWAY.REQUEST_MALFORMED',
        );
  });

  it('decodes chunked in any spelling', async () => {
    for (const coding of ['chunked', 'Chunked', 'CHUNKED'])
      expect((await send('POST', '/v1/tickets', `Transfer-Encoding: ${coding}\r\n`, chunks)).text).toContain(
        'PLATFORM.INVALID_INPUT',
      );
  });

  it('refuses an unknown expectation, with a body and counted for the caller', async () => {
    for (const path of ['/v1/tickets', '/livez', '/nope'])
      for (const method of methods) {
        const response = await send(method, path, 'Expect: 200-maybe\r\n', '');
        expectProblem(response, 417, 'GATEWAY.EXPECTATION_FAILED');
        expect(response.text).toMatch(/^ratelimit: "/im);
      }
  });

  it('supports Expect: 100-continue', async () => {
    const { text } = await send('POST', '/v1/tickets', 'Expect: 100-continue\r\nContent-Length: 2\r\n', '{}');
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 /);
    expect(text).toContain('PLATFORM.INVALID_INPUT');
  });

  it.each(['', 'Content-Length: 0\r\n'])(
    'accepts a DELETE of type JSON without a body: %j',
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
