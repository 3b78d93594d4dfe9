import { rm } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { newApiKey } from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildConsole, SCRIPT } from './built-console.ts';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { rawRequest } from './raw-request.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const PROBLEM = 'application/problem+json; charset=utf-8';
const PAGES = ['/', '/keys', '/admin/healing/incidents/inc_0UQ3kZ1aB7dEfGhIjKlMnO', '/not-found.html'];

describe('the console', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let directory: string;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis, directory] = await Promise.all([
      startNats({ withPermissions: true }),
      startRedis(),
      buildConsole(),
    ]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url, env: { GATEWAY_CONSOLE_DIR: directory } });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
    await rm(directory, { recursive: true, force: true });
  });

  it.each(PAGES)('has a page at %s, bound by the policy and never cached unchecked', async (path) => {
    const page = await gateway.fetch(path, { headers: BROWSER });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="root">');
    const headers = Object.fromEntries(page.headers);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'console-build': 'b-20261128',
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types portal");
    expect(policy).not.toContain('unsafe');
    const again = await gateway.fetch(path, { headers: { 'if-none-match': headers.etag as string } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('has the files of this build and of the one before, for a year, as they were compressed', async () => {
    for (const path of ['/assets/index-4f2a.js', '/assets/index-0b1c.js']) {
      const plain = await gateway.fetch(path, { headers: { 'accept-encoding': 'identity' } });
      expect(await plain.text()).toBe(SCRIPT);
      expect(Object.fromEntries(plain.headers)).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'text/javascript; charset=utf-8',
        vary: 'accept-encoding',
      });
      for (const [coding, decode] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const { text } = await rawRequest(gateway.port, [
          `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${coding}\r\nConnection: close\r\n\r\n`,
        ]);
        expect(text).toMatch(new RegExp(`^content-encoding: ${coding}\r$`, 'm'));
        const bytes = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
        expect(bytes.length).toBeLessThan(200);
        expect(decode(bytes).toString()).toBe(SCRIPT);
      }
    }
    const picture = await gateway.fetch('/assets/logo-77aa.png');
    expect([picture.headers.get('content-encoding'), (await picture.arrayBuffer()).byteLength]).toEqual([
      null,
      2000,
    ]);
  });

  it('lets an office behind one address open it: pages and files use up no call, and calls no file', async () => {
    for (const path of ['/keys', '/assets/index-4f2a.js', '/sw.js'])
      expect((await gateway.fetch(path)).headers.get('ratelimit-policy')).toBe(
        '"burst";q=12000;w=60,"daily";q=1000000;w=86400',
      );
    const statuses = new Set<number>();
    for (let i = 0; i < 650; i++) statuses.add((await gateway.fetch('/assets/index-4f2a.js')).status);
    expect([...statuses]).toEqual([200]);
    const call = await gateway.fetch('/v1/plans');
    expect([call.status, call.headers.get('ratelimit-policy')]).toEqual([
      200,
      '"burst";q=600;w=60,"daily";q=50000;w=86400',
    ]);
    // A file that does not exist is no file: guessing names uses up the calls of the address.
    const missing = await gateway.fetch('/assets/index-gone.js');
    expect(missing.headers.get('ratelimit-policy')).toContain('q=600');
  });

  it('lets a worker call this origin, and has the worker checked each time', async () => {
    const worker = await gateway.fetch('/sw.js');
    expect(worker.headers.get('cache-control')).toBe('no-cache');
    expect(worker.headers.get('content-security-policy')).toContain("connect-src 'self'");
  });

  it('frames the page of an error code, as any page for people', async () => {
    const page = await (await gateway.fetch('/problems/PLATFORM.FORBIDDEN', { headers: BROWSER })).text();
    expect(page).toContain('<title>PLATFORM.FORBIDDEN · GridWorks Partner Portal</title>');
    expect(page).toMatch(/<header>The header<\/header>\s*<main id="content"><div class="bar message">/);
    expect(page).not.toContain('id="root"');
  });

  it('responds to HEAD without a body', async () => {
    const head = await gateway.fetch('/keys', { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
    const page = await gateway.fetch('/keys', { headers: { 'accept-encoding': 'identity' } });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String((await page.text()).length));
    expect(head.headers.get('etag')).toBe(page.headers.get('etag'));
  });

  it.each(['/assets/index-gone.js', '/assets/', '/assets/..%2fsecret.txt', '/v1/nope', '/v1/tickets/x/y'])(
    'never shows a page instead of %s',
    async (path) => {
      const missing = await gateway.fetch(path, { headers: BROWSER });
      expect(missing.status).toBe(404);
      expect(missing.headers.get('content-type')).toBe(PROBLEM);
      expect(await missing.json()).toMatchObject({ code: 'GATEWAY.ROUTE_NOT_FOUND' });
    },
  );

  it.each(['/secret.txt', '/files.json', '/keys/', '/keys/more', '/index.html', '/problems/NO.SUCH_CODE'])(
    'responds to %s with 404: a page for people, a problem for programs',
    async (path) => {
      const page = await gateway.fetch(path, { headers: BROWSER });
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      const tag = page.headers.get('etag') as string;
      expect(await page.text()).toContain('<title>not-found</title>');
      expect((await gateway.fetch(path, { headers: { ...BROWSER, 'if-none-match': tag } })).status).toBe(404);
      const problem = await gateway.fetch(path);
      expect([problem.status, problem.headers.get('content-type')]).toEqual([404, PROBLEM]);
      await problem.text();
    },
  );

  it('accepts no other method than GET and HEAD', async () => {
    const posted = await gateway.fetch('/keys', { method: 'POST', headers: BROWSER });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('names its build in every API response', async () => {
    for (const [path, status] of [
      ['/v1/plans', 200],
      ['/v1/me', 401],
      ['/v1/nope', 404],
      ['/openapi.json', 200],
    ] as const) {
      const response = await gateway.fetch(path);
      expect([path, response.status, response.headers.get('console-build')]).toEqual([
        path,
        status,
        'b-20261128',
      ]);
      await response.arrayBuffer();
    }
  });

  it('is in no document, and replaces no address of the gateway', async () => {
    const document = (await (await gateway.fetch('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(document.paths).filter((path) => !path.startsWith('/v1/'))).toEqual([]);
    expect(await (await gateway.fetch('/health', { headers: BROWSER })).json()).toMatchObject({
      status: expect.any(String) as unknown,
    });
    expect(gateway.log()).toContainEqual(
      expect.objectContaining({ path: '/health', event: 'console.address_taken' }),
    );
  });

  it('is one route in metrics for all files of a folder', async () => {
    await (await gateway.fetch('/assets/index-4f2a.js')).arrayBuffer();
    const text = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    expect(text).toContain('operation="GET /assets/:file"');
    expect(text).not.toContain('index-4f2a');
  });
});

describe('a report of a page', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let directory: string;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis, directory] = await Promise.all([
      startNats({ withPermissions: true }),
      startRedis(),
      buildConsole(),
    ]);
    gateway = await startGateway({ nats, redisUrl: redis.url, env: { GATEWAY_CONSOLE_DIR: directory } });
  });
  afterAll(async () => {
    await gateway?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
    await rm(directory, { recursive: true, force: true });
  });
  const report = (body: unknown, type = 'application/json', path = '/v1/frontend-reports') =>
    gateway.fetch(path, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });

  it('is counted by build, redacted in the log, and not sent back', async () => {
    const secret = newApiKey('live');
    const reports = [
      { kind: 'error', message: `failed with ${secret}`, path: '/keys' },
      { kind: 'vital', name: 'LCP', value: 900, rating: 'good', path: '/keys' },
    ];
    for (const build of ['b-20261128', 'made-up']) {
      const response = await report({ build, reports });
      expect([response.status, await response.text()]).toEqual([204, '']);
    }
    const violation = {
      type: 'csp-violation',
      url: `${gateway.url}/keys`,
      body: { effectiveDirective: 'img-src' },
    };
    expect((await report([violation], 'application/reports+json')).status).toBe(204);
    const older = { 'csp-report': { 'violated-directive': 'img-src' } };
    expect((await report(older, 'application/csp-report')).status).toBe(204);
    const metrics = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
    expect(metrics).toContain('gateway_frontend_reports_total{build="b-20261128",kind="error"} 1');
    expect(metrics).toContain('gateway_frontend_reports_total{build="other",kind="error"} 1');
    expect(metrics).toContain('gateway_frontend_reports_total{build="b-20261128",kind="policy"} 2');
    expect(metrics).toContain('gateway_frontend_vitals_total{build="b-20261128",name="LCP",rating="good"} 1');
    expect(metrics).not.toContain('made-up');
    const log = JSON.stringify(gateway.log());
    expect(log).toContain('failed with');
    expect(log).not.toContain(secret);
  });

  it('is refused when it is too large, no report, or of another type or address', async () => {
    const status = async (response: Promise<Response>) => (await response).status;
    expect(
      await status(report({ build: 'b', reports: [{ kind: 'error', message: 'x'.repeat(20_000) }] })),
    ).toBe(413);
    expect(await status(report({ build: 'b' }))).toBe(400);
    expect(await status(report([{}], 'text/plain'))).toBe(415);
    expect(await status(report({ email: 'a@b.c' }, 'application/reports+json', '/v1/sessions'))).toBe(415);
  });

  it('is accepted twenty times a minute from an address', async () => {
    const body = { build: 'b', reports: [{ kind: 'error', path: '/' }] };
    const statuses = new Set<number>();
    for (let i = 0; i < 45; i++) statuses.add((await report(body)).status);
    expect([...statuses].sort()).toEqual([204, 429]);
    expect((await gateway.fetch('/keys')).status).toBe(200);
  });
});

describe('a gateway whose console', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  const directories: string[] = [];
  let gateway: GatewayUnderTest | undefined;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
  });
  afterAll(async () => {
    await Promise.all([nats?.stop(), redis?.stop()]);
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  });
  const start = (directory: string): Promise<GatewayUnderTest> =>
    startGateway({ nats, redisUrl: redis.url, env: { GATEWAY_CONSOLE_DIR: directory } });
  const root = async () => {
    const response = await gateway?.fetch('/', { headers: BROWSER });
    return [response?.status, response?.headers.get('content-type'), response?.headers.get('console-build')];
  };

  it('is missing responds to GET / with a problem, and logs that', async () => {
    gateway = await start('none');
    try {
      expect(await root()).toEqual([404, PROBLEM, null]);
      expect(gateway.log().map(({ event }) => event)).toContain('console.absent');
    } finally {
      await gateway.stop();
    }
  });

  it.each([
    ['has a file outside its folder', { pages: [{ path: '/', file: '../index.html' }] }],
    ['claims an address of the API', { pages: [{ path: '/v1/plans', file: 'app.html' }] }],
    ['lacks a file that it lists', { pages: [{ path: '/', file: 'gone.html' }] }],
  ])('%s serves the API without pages, and health says why', async (_what, list) => {
    directories.push(await buildConsole(list));
    gateway = await start(directories.at(-1) as string);
    try {
      expect(await root()).toEqual([404, PROBLEM, null]);
      await eventually(async () =>
        expect(await (await fetch(`${gateway?.healthUrl}/health`)).text()).toContain(
          'the console cannot be read',
        ),
      );
    } finally {
      await gateway.stop();
    }
  });
});
