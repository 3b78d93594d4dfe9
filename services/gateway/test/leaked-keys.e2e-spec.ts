import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const signature = (body: string, key: KeyObject) => sign('sha256', Buffer.from(body), key).toString('base64');

describe('reports of leaked keys', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  const scanner = pair();
  const stranger = pair();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const published = {
    public_keys: [
      { key_identifier: 'scanner-1', key: pem(scanner.publicKey), is_current: true },
      { key_identifier: 'rsa', key: pem(rsa.publicKey), is_current: false },
      { key_identifier: 'junk', key: 'no key at all', is_current: false },
    ],
  };
  const known = contracts.newApiKey('live');
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({
      nats,
      redisUrl: redis.url,
      env: { GATEWAY_SCANNER_KEYS: JSON.stringify(published) },
    });
  });
  beforeEach(() => {
    services.reset();
    services.on(contracts.reportLeakedKeys, ({ found }) => ({
      known: found.map(({ digest }) => digest).filter((one) => one === contracts.credentialDigest(known)),
    }));
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  const send = (body: string, headers: Record<string, string>, to = gateway) =>
    to.fetch('/v1/leaked-keys', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const signed = (body: string, key = scanner.privateKey, identifier = 'scanner-1') => ({
    'github-public-key-identifier': identifier,
    'github-public-key-signature': signature(body, key),
  });
  const found = (token: string, type = 'gridworks_api_key') => ({
    ...{ token, type, url: 'https://code.example/ada/.env', source: 'content' },
  });
  const reported = () =>
    services.calls.filter(({ subject }) => subject === contracts.reportLeakedKeys.subject);

  it('are passed on by digest, and each text gets its label', async () => {
    const texts = [known, contracts.newApiKey('test'), 'pp_live_wrong_checksum', contracts.newSessionToken()];
    // Spaces and the order of members are the sender's: the signature is over these bytes.
    const body = ` ${JSON.stringify(texts.map((text) => found(text)))}\n`;
    const response = await send(body, signed(body));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(
      texts.map((text) => ({
        token_hash: contracts.credentialDigest(text),
        token_type: 'gridworks_api_key',
        label: text === known ? 'true_positive' : 'false_positive',
      })),
    );
    expect(reported()).toHaveLength(1);
    const url = 'https://code.example/ada/.env';
    expect(reported()[0]?.input).toEqual({
      found: texts.slice(0, 2).map((text) => ({ digest: contracts.credentialDigest(text), url })),
    });
    expect(gateway.output()).not.toContain(known);
  });

  it('end what this gateway remembers of a key', async () => {
    services.principals.set(contracts.credentialDigest(known), {
      ...{ kind: 'api_key', id: contracts.newId('apiKey'), partner_id: contracts.newId('partner') },
      ...{ user_id: null, role: 'none', mode: 'live' },
    });
    expect((await gateway.fetch('/v1/plans', { bearer: known })).status).toBe(200);
    services.principals.delete(contracts.credentialDigest(known));
    const body = JSON.stringify([found(known)]);
    expect((await send(body, signed(body))).status).toBe(200);
    expect((await gateway.fetch('/v1/plans', { bearer: known })).status).toBe(401);
  });

  const body = JSON.stringify([found(known)]);
  it.each<[string, string, () => Record<string, string>]>([
    ['no signature', body, () => ({})],
    ['another key', body, () => signed(body, stranger.privateKey)],
    ['an unknown key', body, () => signed(body, scanner.privateKey, 'scanner-2')],
    ['a key of another kind', body, () => signed(body, rsa.privateKey, 'rsa')],
    ['a signature of other bytes', body, () => signed(`${body} `)],
    ['junk for a signature', body, () => ({ ...signed(body), 'github-public-key-signature': 'ü!' })],
    ['an inherited name', body, () => signed(body, scanner.privateKey, '__proto__')],
  ])('are refused with %s', async (_, text, headers) => {
    const response = await send(text, headers());
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'GATEWAY.SCANNER_REFUSED' });
    expect(reported()).toEqual([]);
  });

  it.each([
    ['no list', '{}'],
    ['no texts', '[{"type":"x"}]'],
    ['too many', JSON.stringify(Array.from({ length: contracts.MAX_LEAK_REPORTS + 1 }, () => found('x')))],
  ])('are refused with %s', async (_, text) => {
    expect((await send(text, signed(text))).status).toBe(400);
    expect(reported()).toEqual([]);
  });

  it('are checked by keys that are published at an address, which is read once a minute at most', async () => {
    let requests = 0;
    const server = createServer((_, reply) => {
      requests += 1;
      reply.setHeader('content-type', 'application/json');
      reply.end(JSON.stringify(published));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const other = await startGateway({
      nats,
      redisUrl: `${redis.url}/1`,
      env: { GATEWAY_SCANNER_KEYS_URL: `http://127.0.0.1:${port}/keys`, SERVICE_INSTANCE: 'gateway-2' },
    });
    try {
      for (let i = 0; i < 3; i++) expect((await send(body, signed(body), other)).status).toBe(200);
      expect(requests).toBe(1);
      // Unknown identifiers lead to no more than one look a minute.
      for (let i = 0; i < 3; i++)
        expect((await send(body, signed(body, scanner.privateKey, `no-${i}`), other)).status).toBe(403);
      expect(requests).toBe(1);
    } finally {
      await other.stop();
      server.close();
    }
  });

  it('wait while the published keys cannot be read', async () => {
    const server = createServer((_, reply) => reply.writeHead(500).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const other = await startGateway({
      nats,
      redisUrl: `${redis.url}/2`,
      env: { GATEWAY_SCANNER_KEYS_URL: `http://127.0.0.1:${port}/keys`, SERVICE_INSTANCE: 'gateway-3' },
    });
    try {
      for (let i = 0; i < 2; i++) expect((await send(body, signed(body), other)).status).toBe(503);
      expect(reported()).toEqual([]);
    } finally {
      await other.stop();
      server.close();
    }
  });
});
