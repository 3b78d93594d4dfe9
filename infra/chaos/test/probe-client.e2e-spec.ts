import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProbeClient, REQUESTS_PER_SECOND } from '../src/requests/probe-client.ts';

const now = () => performance.timeOrigin + performance.now();

describe('ProbeClient', () => {
  let server: Server;
  let probe: ProbeClient;
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  let tickets = 0;
  const good = (request: IncomingMessage, response: ServerResponse) => {
    const opened = request.method === 'POST';
    response.writeHead(opened ? 201 : 200).end(opened ? JSON.stringify({ id: `tic_${++tickets}` }) : '{}');
  };

  beforeEach(async () => {
    respond = good;
    server = createServer((request, response) => respond(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    probe = new ProbeClient(`http://127.0.0.1:${port}`, ['key-1'], now);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await probe.stop();
    server.close();
  });
  const outcomes = () => new Set(probe.records.map(({ outcome }) => outcome));

  it('reports success after a time in which every route succeeded, and not before', async () => {
    expect(probe.goodFor(0)).toBe(false);
    const startedAt = now();
    probe.start();
    await eventually(() => expect(probe.goodFor(500)).toBe(true));
    expect(now() - startedAt).toBeGreaterThanOrEqual(500);
    expect(outcomes()).toEqual(new Set(['ok']));
    // A response may still be on its way.
    await probe.stop();
    expect(probe.acknowledged.length).toBe(tickets);
  });

  it('continues to send while nothing responds', async () => {
    const waiting: ServerResponse[] = [];
    respond = (_, response) => waiting.push(response);
    probe.start();
    await eventually(() => expect(waiting.length).toBeGreaterThan(REQUESTS_PER_SECOND));
    expect(probe.records).toEqual([]);
    for (const response of waiting) response.writeHead(503).end('{}');
    await eventually(() => expect(probe.records.length).toBeGreaterThan(REQUESTS_PER_SECOND));
    expect(probe.goodFor(10)).toBe(false);
  });

  it('counts calls with a response, and calls that may have had one', async () => {
    respond = (request, response) => {
      if (request.url === '/v1/plans') response.writeHead(503).end('{"retry_after":1}');
      else if (request.url === '/v1/usage') response.writeHead(503).end('{}');
      else if (request.url === '/v1/me') response.destroy();
      else good(request, response);
    };
    probe.start();
    await eventually(() =>
      expect(outcomes()).toEqual(new Set(['ok', '503', '503 without retry_after', 'error:ECONNRESET'])),
    );
    await probe.stop();
    const count = (outcome: string) => probe.records.filter((record) => record.outcome === outcome).length;
    expect(probe.metered.get('key-1')).toEqual({
      answered: count('ok'),
      ambiguous: count('error:ECONNRESET'),
    });
  });

  it('counts no refused call as possibly counted', async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    probe.start();
    await eventually(() => expect(outcomes()).toEqual(new Set(['error:ECONNREFUSED'])));
    expect(probe.metered.get('key-1')).toEqual({ answered: 0, ambiguous: 0 });
  });
});
