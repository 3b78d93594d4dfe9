import { readFile } from 'node:fs/promises';
import * as contracts from '@gridworks/contracts';
import { allowedMs, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

const manyMembers = (count: number) => Array.from({ length: count }, (_, i) => [`k${i}`, 1] as const);

describe('junk from a caller', () => {
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
  beforeEach(() => services.reset());

  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    gateway.fetch('/v1/partners', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  async function expectProblem(response: Response, status: number, code?: string): Promise<void> {
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({
      status,
      instance: expect.any(String),
      request_id: response.headers.get('x-request-id'),
    });
    if (code) expect(problem.code).toBe(code);
    expect(services.calls).toEqual([]);
  }

  it.each<[string, string | Buffer, number]>([
    ['half an object', '{"name":', 400],
    ['nothing', '', 400],
    ['a text', 'hello', 400],
    ['a list', '[]', 400],
    ['a number', '5', 400],
    ['null', 'null', 400],
    ['a list sixty thousand deep', `${'['.repeat(60_000)}${']'.repeat(60_000)}`, 400],
    ['an object twenty thousand deep', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 400],
    ['ten megabytes', `{"name":"${'x'.repeat(10 << 20)}"}`, 413],
    ['two hundred kilobytes', `{"name":"${'x'.repeat(200 << 10)}"}`, 413],
    ['ten thousand members', JSON.stringify(Object.fromEntries(manyMembers(10_000))), 400],
    ['ninety-five thousand members', JSON.stringify(Object.fromEntries(manyMembers(95_000))), 413],
    ['__proto__', '{"__proto__":{"role":"admin"},"name":"a"}', 400],
    ['constructor.prototype', '{"constructor":{"prototype":{"role":"admin"}},"name":"a"}', 400],
    [
      'an unknown member',
      '{"name":"a","email":"a@example.com","password":"correct horse","role":"admin"}',
      400,
    ],
    ['NUL characters', '{"name":"a\\u0000b","email":"a@example.com","password":"correct horse"}', 400],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['a byte order mark alone', Buffer.from([0xef, 0xbb, 0xbf]), 400],
  ])('refuses %s', async (_, body, status) => {
    await expectProblem(await post(body), status);
  });

  it('does not accept null as an empty object', async () => {
    const response = await gateway.fetch('/v1/api-keys', {
      method: 'POST',
      body: 'null',
      bearer: services.identities.owner,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(services.calls.map(({ subject }) => subject)).not.toContain(contracts.createApiKey.subject);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
  ])('refuses the media type %s', async (type) =>
    expectProblem(await post('{}', { 'content-type': type }), 415, 'GATEWAY.MEDIA_TYPE_UNSUPPORTED'),
  );

  it('refuses a body that is declared as compressed', async () => {
    const response = await post('{}', { 'content-encoding': 'gzip' });
    expect([400, 415]).toContain(response.status);
  });

  it.each<[string, string, number]>([
    ['PUT', '/v1/tickets', 405],
    ['OPTIONS', '/v1/tickets', 405],
    ['POST', '/v1/plans', 405],
    ['GET', '/v1/nothing', 404],
    ['GET', '/', 404],
    ['GET', '//v1/plans', 404],
    ['GET', '/v1/plans/', 404],
    ['GET', '/V1/PLANS', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const response = await gateway.fetch(path, { method });
    if (status === 405) expect(response.headers.get('allow')).toMatch(/^[A-Z, ]+$/);
    await expectProblem(response, status);
  });

  it.each<[string, string]>([
    ['an address that cannot be decoded', '/v1/tickets/%ff%'],
    ['an overlong address', `/v1/tickets/${'a'.repeat(500)}`],
    ['an unknown parameter', '/v1/plans?sort=1;drop'],
    ['a limit that is none', '/v1/tickets?limit=-1'],
    ['a limit twice', '/v1/tickets?limit=1&limit=2'],
    [
      'two cursors',
      `/v1/tickets?starting_after=${contracts.newId('ticket')}&ending_before=${contracts.newId('ticket')}`,
    ],
    ['a prototype in the query', '/v1/tickets?__proto__[x]=1'],
  ])('refuses %s', async (_, path) => {
    const response = await gateway.fetch(path, { bearer: services.identities.owner });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each<[string, string]>([
    ['a line break in a header', 'GET /v1/plans HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\rInjected: 1\r\n\r\n'],
    ['bytes that are not HTTP', '\x16\x03\x01\x02\x00\x01\x00'],
    [
      'both lengths',
      'POST /v1/partners HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'two lengths',
      'POST /v1/partners HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    ],
    ['a space before the colon', 'GET /v1/plans HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['no host', 'GET /v1/plans HTTP/1.1\r\n\r\n'],
    ['NUL in a header', 'GET /v1/plans HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n'],
    ['headers without end', `GET /v1/plans HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`],
  ])('closes on %s', async (_, text) => {
    const raw = await rawRequest(gateway.port, [text]);
    expect([400, 431]).toContain(raw.status);
    expect(raw.text).not.toContain('Injected:');
    expect(raw.tookMs).toBeLessThan(allowedMs(2500));
  });

  it('does not wait for a client that sends its headers slowly', async () => {
    const dribble = [
      'GET /v1/plans HTTP/1.1\r\nHost: x\r\n',
      ...Array.from({ length: 100 }, (_, i) => `X-${i}: a\r\n`),
    ];
    const raw = await rawRequest(gateway.port, dribble, { everyMs: 200, timeoutMs: 12_000 });
    expect(raw.status).toBe(408);
    expect(raw.text).toContain('application/problem+json');
    expect(raw.tookMs).toBeLessThan(allowedMs(9000));
  });

  it('repeats a proper request id and trace, and replaces others', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const kept = await gateway.fetch('/livez', { headers: { 'x-request-id': 'abc-1', traceparent } });
    expect(kept.headers.get('x-request-id')).toBe('abc-1');
    expect(kept.headers.get('traceparent')).toBe(traceparent);
    expect(kept.headers.get('portal-version')).toBe('2026-11-01');
    for (const id of ['x'.repeat(129), 'a b', 'é']) {
      const response = await gateway.fetch('/livez', {
        headers: { 'x-request-id': id, traceparent: 'junk' },
      });
      expect(response.headers.get('x-request-id')).toMatch(/^req_/);
      expect(response.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    }
  });

  it('sends trace and request id to the service', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await gateway.fetch('/v1/plans', {
      bearer: services.identities.key,
      headers: { 'x-request-id': 'abc-2', traceparent },
    });
    const call = services.calls.find(({ subject }) => subject === contracts.listPlans.subject)?.call;
    expect(call?.requestId).toBe('abc-2');
    expect(call?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
    expect(call?.deadlineAt).toBeLessThan(Date.now() + 2100);
  });

  it.each<[contracts.ErrorKind, number]>([
    ['invalid_input', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['unprocessable', 422],
    ['rate_limited', 429],
    ['unavailable', 503],
    ['deadline_exceeded', 503],
    ['internal', 500],
  ])('turns a %s of a service into %i', async (kind, status) => {
    services.on(contracts.openTicket, () => {
      throw new contracts.AppError(contracts.defineError({ code: 'TEST.FAILED', kind, title: 'It failed' }), {
        detail: 'secret: postgres://x',
      });
    });
    const response = await gateway.fetch('/v1/tickets', {
      method: 'POST',
      bearer: services.identities.owner,
      body: '{"subject":"a","body":"b"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code: 'TEST.FAILED', status });
    if (status === 503) {
      expect(problem.retry_after).toBeGreaterThanOrEqual(1);
      expect(response.headers.get('retry-after')).toBe(String(problem.retry_after));
    }
    if (status >= 500) expect(JSON.stringify(problem)).not.toContain('postgres');
  });

  it('responds with 503 within the deadline when a service does not respond', async () => {
    services.on(contracts.getUsage, () => new Promise(() => {}));
    const begun = performance.now();
    const response = await gateway.fetch('/v1/usage', { bearer: services.identities.key });
    expect(response.status).toBe(503);
    expect(((await response.json()) as { retry_after: number }).retry_after).toBe(1);
    expect(performance.now() - begun).toBeLessThan(allowedMs(2500));
  });

  it('never responds with 5xx to any input of a caller, and keeps serving', async () => {
    const targets: [string, string][] = [
      ['POST', '/v1/partners'],
      ['POST', '/v1/sessions'],
      ['POST', '/v1/tickets'],
      ['PATCH', `/v1/tickets/${contracts.newId('ticket')}`],
      ['POST', '/v1/api-keys'],
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), text, async ([method, path], body) => {
        const response = await gateway.fetch(path, {
          method,
          body,
          bearer: services.identities.owner,
          headers: { 'content-type': 'application/json' },
        });
        expect(response.status).toBeLessThan(500);
        await response.arrayBuffer();
      }),
      { numRuns: 500 },
    );
    expect((await gateway.fetch('/livez')).status).toBe(200);
  });

  it('uses little memory under junk', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        post(`{"name":"${'x'.repeat(10 << 20)}"}`)
          .then((r) => r.arrayBuffer())
          .catch(() => {}),
      ),
    );
    const status = await readFile(`/proc/${gateway.process.pid}/status`, 'utf8');
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(400_000);
  });
});
