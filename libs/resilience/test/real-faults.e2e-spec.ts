import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowedMs } from '@gridworks/testing/load';
import { afterEach, describe, expect, it } from '@jest/globals';
import { classify } from '../src/classify/index.ts';
import { type HealingRecord, healingOf } from '../src/common/healing-record.ts';
import { HealingEnvironment } from '../src/healing/environment.ts';
import type { HealingOptions } from '../src/healing/healing-options.ts';
import { withSelfHealing } from '../src/with-self-healing.ts';
import { rejection } from './healing-fixture.ts';

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that responds to the first requests as configured, and to all further ones with success. */
async function serverWith(...first: Behaviour[]) {
  const requests: { method: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({
      method: String(request.method),
      key: request.headers['idempotency-key'] as string | undefined,
    });
    const respond = first.shift();
    if (respond) respond(request, response);
    else response.setHeader('content-type', 'application/json').end('{"rate":1.08}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server };
}

const cut: Behaviour = (_, response) => response.socket?.destroy();
const hang: Behaviour = () => undefined;
const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    response.writeHead(code, headers).end('{}');
const page: Behaviour = (_, response) =>
  response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');

/** A typical client: other statuses are errors with status, headers and body. */
async function send(
  url: string,
  init: { method?: string; key?: string; signal?: AbortSignal } = {},
): Promise<{ rate: number }> {
  const response = await fetch(`${url}/rate`, {
    method: init.method ?? 'GET',
    headers: init.key ? { 'idempotency-key': init.key } : {},
    ...(init.signal ? { signal: init.signal } : {}),
  });
  const body = await response.text();
  if (!response.ok)
    throw Object.assign(new Error(`the server responded ${response.status}`), {
      name: 'HttpError',
      status: response.status,
      headers: response.headers,
      body,
    });
  return JSON.parse(body) as { rate: number };
}

function healing(options: Partial<HealingOptions<typeof send>> = {}) {
  const environment = new HealingEnvironment({ classify, fingerprint: String });
  const records: HealingRecord[] = [];
  environment.onHealing((record) => records.push(record));
  const call = withSelfHealing(send, {
    source: 'rates.ask',
    category: 'api',
    dependency: 'http',
    retry: { baseMs: 5 },
    environment,
    ...options,
  });
  return { call, records };
}

describe('a read over HTTP', () => {
  it('is healed when the connection is cut', async () => {
    const { url, requests } = await serverWith(cut);
    const { call, records } = healing({ idempotent: true });
    expect(await call(url)).toEqual({ rate: 1.08 });
    expect(requests).toHaveLength(2);
    expect(records).toMatchObject([
      { healedBy: 'RETRY_WITH_BACKOFF', decision: { kind: 'connection_lost' } },
    ]);
  });

  it('waits as long as a 429 requests, in seconds or until a date', async () => {
    for (const value of [() => '1', () => new Date(Date.now() + 2_000).toUTCString()]) {
      const { url } = await serverWith((request, response) =>
        status(429, { 'retry-after': value() })(request, response),
      );
      const { call, records } = healing({ idempotent: true });
      expect(await call(url)).toEqual({ rate: 1.08 });
      expect(records).toMatchObject([{ healedBy: 'RATE_LIMIT_BACKOFF', decision: { kind: 'rate_limited' } }]);
      expect(records[0]!.durationMs).toBeGreaterThanOrEqual(500);
    }
  });

  it('uses the backup when the primary is gone, or responds with a page', async () => {
    const backup = await serverWith();
    const gone = await serverWith();
    await new Promise((resolve) => gone.server.close(resolve));
    const broken = await serverWith(page, page, page, page, page);
    for (const primary of [gone, broken]) {
      const { call, records } = healing({
        idempotent: true,
        retry: false,
        endpoints: { primary: primary.url, backups: [backup.url], at: (url, [, init]) => [url, init] },
      });
      expect(await call(primary.url)).toEqual({ rate: 1.08 });
      expect(records).toMatchObject([{ healedBy: 'SWITCH_API_ENDPOINT' }]);
    }
  });

  it('is repeated when an attempt hangs, within the time of its caller', async () => {
    const { url, requests } = await serverWith(hang);
    const { call } = healing({
      idempotent: true,
      attemptMs: 50,
      deadlineMs: 2_000,
      signal: { argument: 1, property: 'signal' },
    });
    expect(await call(url)).toEqual({ rate: 1.08 });
    expect(requests).toHaveLength(2);
  });

  it('never takes longer than its caller waits, however the server responds', async () => {
    const { url } = await serverWith(hang, hang, hang, hang, hang, hang);
    const { call } = healing({ idempotent: true, attemptMs: 60, deadlineMs: 150 });
    const began = performance.now();
    expect(await rejection(call(url))).toMatchObject({ code: 'RESILIENCE.DEADLINE_EXCEEDED' });
    expect(performance.now() - began).toBeLessThan(allowedMs(1_000));
  });
});

describe('a write over HTTP', () => {
  it('is never sent again when the connection is cut, the response is lost or the server failed', async () => {
    for (const fault of [cut, hang, status(500), status(502)]) {
      const { url, requests } = await serverWith(fault);
      const { call } = healing({ deadlineMs: 200 });
      const error = await rejection(call(url, { method: 'POST' }));
      expect(healingOf(error)?.healedBy).toBeNull();
      expect(requests).toHaveLength(1);
    }
  });

  it('is sent again with the key by which the server recognises it', async () => {
    const { url, requests } = await serverWith(cut);
    const { call } = healing({ money: true, idempotencyKey: (_, init) => init?.key });
    expect(await call(url, { method: 'POST', key: 'order-7' })).toEqual({ rate: 1.08 });
    expect(requests).toEqual([
      { method: 'POST', key: 'order-7' },
      { method: 'POST', key: 'order-7' },
    ]);
  });

  it('is sent again when no server was there', async () => {
    const { url, server } = await serverWith();
    await new Promise((resolve) => server.close(resolve));
    const { call, records } = healing({ retry: { attempts: 2, baseMs: 1 } });
    await rejection(call(url, { method: 'POST' }));
    expect(records[0]!.steps[0]).toMatchObject({ strategy: 'RETRY_WITH_BACKOFF', outcome: 'failed' });
  });
});
