import { eventually } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, problem, type ScriptedServer, type Step, scriptedServer } from '../test/scripted-server.ts';
import { Caller, type CallerOptions } from './caller.ts';
import type { Operation } from './operation.ts';
import { ApiError, ConnectionError, InvalidResponseError, NotSentError } from './portal-error.ts';

const read: Operation = { method: 'GET', path: '/v1/things/:id', idempotent: false, paged: false };
const write: Operation = { method: 'POST', path: '/v1/things', idempotent: true, paged: false };
const riskyWrite: Operation = { ...write, idempotent: false };
const hang: Step = () => undefined;
const ok = json(200, { object: 'thing' });

let server: ScriptedServer | undefined;
afterEach(async () => server?.stop());

async function callerOf(steps: Step[], options: CallerOptions = {}): Promise<Caller> {
  await server?.stop();
  server = await scriptedServer(...steps);
  return new Caller({
    baseUrl: server.url,
    credential: 'pp_test_x',
    backoffMs: 1,
    shareReadsMs: 0,
    ...options,
  });
}

describe('Caller', () => {
  it('puts parameters into the path, the rest into the query, and sends the credential', async () => {
    const caller = await callerOf([ok]);
    await expect(
      caller.call(read, { id: 'a/b', limit: 5, tag: ['x', 'y'], none: undefined }),
    ).resolves.toEqual({ object: 'thing' });
    expect(server!.requests[0]).toMatchObject({
      method: 'GET',
      url: '/v1/things/a%2Fb?limit=5&tag=x&tag=y',
      headers: { authorization: 'Bearer pp_test_x', accept: 'application/json' },
    });
  });

  it('sends the token of a browser session with writes, once a response contained it', async () => {
    const session = json(201, { object: 'browser_session', csrf_token: 'token-1' });
    const caller = await callerOf(
      [session, ok, ok, json(200, { object: 'browser_session', csrf_token: 'token-2' }), ok],
      {
        credential: undefined,
      },
    );
    await caller.call(riskyWrite);
    await caller.call(riskyWrite);
    await caller.call(read, { id: 'x' });
    await caller.call(read, { id: 'y' });
    await caller.call(riskyWrite);
    expect(server!.requests.map(({ headers }) => headers['csrf-token'])).toEqual([
      undefined,
      'token-1',
      undefined,
      undefined,
      'token-2',
    ]);
  });

  it('sends a token from the options, and none beside a credential', async () => {
    const cookie = await callerOf([ok], { credential: undefined, csrfToken: 'given' });
    await cookie.call(riskyWrite);
    expect(server!.requests[0]?.headers['csrf-token']).toBe('given');
    const bearer = await callerOf([ok], { csrfToken: 'given' });
    await bearer.call(riskyWrite);
    expect(server!.requests[0]?.headers['csrf-token']).toBeUndefined();
  });

  it('throws a refusal of the API with code, request id and problems, and repeats no 4xx', async () => {
    const caller = await callerOf([problem(404, 'SUPPORT.TICKET_NOT_FOUND')]);
    const error = await caller.call(read, { id: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 'SUPPORT.TICKET_NOT_FOUND',
      status: 404,
      requestId: 'req_2',
      retryAfterMs: null,
    });
    expect(server!.requests).toHaveLength(1);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('repeats a read after %d', async (status) => {
    const caller = await callerOf([problem(status, 'PLATFORM.X'), ok]);
    await expect(caller.call(read, { id: 'x' })).resolves.toEqual({ object: 'thing' });
    expect(server!.requests).toHaveLength(2);
  });

  it('stops after three repeats, with the last error', async () => {
    const caller = await callerOf([problem(503, 'PLATFORM.UNAVAILABLE')], { breakerFailures: 100 });
    await expect(caller.call(read, { id: 'x' })).rejects.toMatchObject({ status: 503 });
    expect(server!.requests).toHaveLength(4);
  });

  it('repeats a write under the same key, and uses another key for another call', async () => {
    const caller = await callerOf([problem(503, 'PLATFORM.UNAVAILABLE'), ok]);
    await caller.call(write, { name: 'a' });
    await caller.call(write, { name: 'a' });
    const keys = server!.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^"[\w-]{36}"$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(server!.requests[0]!.body).toBe('{"name":"a"}');
  });

  it('never repeats a write without a key', async () => {
    const caller = await callerOf([problem(503, 'PLATFORM.UNAVAILABLE'), ok]);
    await expect(caller.call(riskyWrite, {})).rejects.toMatchObject({ status: 503 });
    expect(server!.requests).toHaveLength(1);
  });

  it('waits for the time in Retry-After, and throws at once when that is too long', async () => {
    const lenient = await callerOf([problem(429, 'GATEWAY.QUOTA', { 'retry-after': '1' }), ok], {
      longestWaitMs: 2000,
    });
    const startedAt = performance.now();
    await lenient.call(read, { id: 'x' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(995);
    const hurried = await callerOf([problem(429, 'GATEWAY.QUOTA', { 'retry-after': '60' }), ok]);
    await expect(hurried.call(read, { id: 'x' })).rejects.toMatchObject({
      status: 429,
      retryAfterMs: 60_000,
    });
    expect(server!.requests).toHaveLength(1);
  });

  it('throws for HTML instead of JSON, and names the request', async () => {
    const html: Step = (response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'x-request-id': 'req_9' });
      response.end('<html>please log in to the hotel network</html>');
    };
    const caller = await callerOf([html]);
    const error = await caller.call(read, { id: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ code: 'CLIENT.INVALID_RESPONSE', status: 200, requestId: 'req_9' });
  });

  it('ends a try at its timeout, and repeats a read without a response', async () => {
    const caller = await callerOf([hang, ok], { timeoutMs: 100 });
    await expect(caller.call(read, { id: 'x' })).resolves.toEqual({ object: 'thing' });
    const slow = await callerOf([hang], { timeoutMs: 50, retries: 0 });
    const error = await slow.call(read, { id: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'CLIENT.TIMEOUT', status: null });
  });

  it('throws when the portal cannot be reached', async () => {
    const caller = await callerOf([ok], { retries: 1 });
    await server!.stop();
    await expect(caller.call(read, { id: 'x' })).rejects.toMatchObject({ code: 'CLIENT.CONNECTION_FAILED' });
  });

  it('opens after five failures in a row, refuses, and closes after two successes', async () => {
    const bad = problem(500, 'PLATFORM.INTERNAL');
    const caller = await callerOf([bad, bad, bad, bad, bad, ok], { retries: 0, breakerOpenMs: 60 });
    for (let n = 0; n < 5; n++) await expect(caller.call(read, { id: 'x' })).rejects.toBeInstanceOf(ApiError);
    const refused = await caller.call(read, { id: 'x' }).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(NotSentError);
    expect(refused).toMatchObject({ code: 'CLIENT.BREAKER_OPEN' });
    expect(server!.requests).toHaveLength(5);
    await eventually(() => caller.stats().breaker.retryAfterMs === 0);
    await caller.call(read, { id: 'x' });
    expect(caller.stats().breaker.state).toBe('half-open');
    await caller.call(read, { id: 'x' });
    expect(caller.stats().breaker.state).toBe('closed');
  });

  it('counts no refusal of the API for the breaker', async () => {
    const caller = await callerOf([problem(404, 'X.NOT_FOUND')]);
    for (let n = 0; n < 8; n++) await expect(caller.call(read, { id: 'x' })).rejects.toBeInstanceOf(ApiError);
    expect(caller.stats().breaker).toEqual({ state: 'closed', failuresInARow: 0, retryAfterMs: 0 });
  });

  it('has at most ten requests under way, and serves the others in their order', async () => {
    const slow: Step = (response, request) => void setTimeout(() => ok(response, request), 20);
    const caller = await callerOf([slow]);
    const calls = Array.from({ length: 25 }, (_, n) => caller.call(read, { id: String(n) }));
    expect(caller.stats()).toMatchObject({ active: 10, waiting: 15 });
    await Promise.all(calls);
    expect(server!.mostAtOnce()).toBe(10);
    expect(
      server!.requests
        .map(({ url }) => Number(url.split('/').at(-1)))
        .slice(0, 10)
        .sort((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('sends no more than its limit in a window, and throws when the wait would be too long', async () => {
    const caller = await callerOf([ok], { limit: 3, limitWindowMs: 60_000 });
    for (let n = 0; n < 3; n++) await caller.call(read, { id: 'x' });
    expect(caller.stats().limiter).toMatchObject({ limit: 3, used: 3, remaining: 0 });
    await expect(caller.call(read, { id: 'x' })).rejects.toMatchObject({ code: 'CLIENT.LIMIT_REACHED' });
    expect(server!.requests).toHaveLength(3);
  });

  it('waits for the window when the wait is short', async () => {
    const caller = await callerOf([ok], { limit: 2, limitWindowMs: 100 });
    await Promise.all([1, 2, 3, 4].map((id) => caller.call(read, { id })));
    expect(server!.requests).toHaveLength(4);
  });

  it('sends one request for equal reads that begin together, and never shares writes', async () => {
    const caller = await callerOf([ok], { shareReadsMs: 50 });
    const reads = [1, 2, 3].map(() => caller.call(read, { id: 'x' }));
    await Promise.all([...reads, caller.call(read, { id: 'y' })]);
    expect(server!.requests).toHaveLength(2);
    expect(caller.stats().shared).toBe(2);
    await Promise.all([caller.call(write, {}), caller.call(write, {})]);
    expect(server!.requests).toHaveLength(4);
  });

  it('ends with the reason of its signal: under way, waiting for a place, and before a repeat', async () => {
    const caller = await callerOf([hang], { concurrency: 1 });
    const reason = new Error('the user went away');
    const controller = new AbortController();
    const underWay = caller.call(read, { id: 'x' }, { signal: controller.signal });
    const waiting = caller.call(read, { id: 'y' }, { signal: controller.signal });
    await eventually(() => server!.requests.length === 1);
    controller.abort(reason);
    await expect(underWay).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(caller.stats()).toMatchObject({ active: 0, waiting: 0, breaker: { failuresInARow: 0 } });

    const failing = await callerOf([problem(503, 'PLATFORM.UNAVAILABLE')], { backoffMs: 60_000 });
    const later = new AbortController();
    const call = failing.call(read, { id: 'x' }, { signal: later.signal });
    await eventually(() => server!.requests.length === 1);
    later.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('throws without a base URL', () => {
    expect(() => new Caller({})).toThrow(expect.objectContaining({ code: 'CLIENT.NO_BASE_URL' }));
  });
});
