import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

const entry = (n: number): contracts.AuditEntry => ({
  ...{ object: 'audit_entry', id: contracts.newId('auditEntry', n), chain: 'platform', sequence: n },
  ...{ service: 'auth', at: new Date(n).toISOString(), recorded_at: new Date(n).toISOString() },
  actor: { kind: 'person', id: contracts.newId('user'), role: 'owner', impersonator: null },
  ...{ partner_id: null, action: 'api_key.created', object_kind: 'api_key', object_id: '=1+1' },
  ...{ before: null, after: { name: 'a "b"' }, outcome: 'done', code: null, request_id: 'req_1' },
  ...{ network: '198.51.100.0/24', user_agent: null, hash: 'a'.repeat(64), previous_hash: 'b'.repeat(64) },
});

describe('at the gateway', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
  });
  afterEach(() => services.reset());
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  describe('an export of the audit log', () => {
    const entries = Array.from({ length: 5 }, (_, at) => entry(5 - at));
    const serve = () =>
      services.on(contracts.exportAudit, ({ after, action }) => {
        expect(action).toBe('api_key.created');
        const from = after === undefined ? 0 : entries.findIndex(({ id }) => id === after) + 1;
        return { has_more: from + 2 < entries.length, data: entries.slice(from, from + 2) };
      });
    const fetch = (query: string) =>
      gateway.fetch(`/v1/audit-export?action=api_key.created${query}`, { bearer: services.identities.owner });

    it('has one entry a line, of all batches', async () => {
      serve();
      const response = await fetch('');
      expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
      const lines = (await response.text()).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toEqual(entries);
      expect(services.calls.filter(({ subject }) => subject === contracts.exportAudit.subject)).toHaveLength(
        3,
      );
    });

    it('is a table in which no text is a formula', async () => {
      serve();
      const response = await fetch('&format=csv');
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      const rows = (await response.text()).split('\r\n');
      expect(rows).toHaveLength(7);
      expect(rows[0]).toMatch(/^id,chain,sequence,at,action/);
      expect(rows[1]).toContain(`,api_key,'=1+1,,"{""name"":""a \\""b\\""""}",req_1,`);
    });

    it('is refused as a problem, and takes no cursor from the caller', async () => {
      for (const query of ['&format=pdf', `&after=${entries[0]?.id}`]) {
        const response = await fetch(query);
        expect(response.status).toBe(400);
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
    });
  });

  it('tells the service where an audited call came from, and nothing of a read', async () => {
    const { owner } = services.identities;
    const headers = { 'user-agent': 'Firefox/140', 'content-type': 'application/json' };
    await gateway.fetch('/v1/api-keys', { method: 'POST', bearer: owner, headers, body: '{}' });
    await gateway.fetch('/v1/api-keys', { bearer: owner, headers });
    const originOf = (contract: contracts.RequestContract) =>
      services.calls.find(({ subject }) => subject === contract.subject)?.call.origin;
    expect(originOf(contracts.createApiKey)).toEqual({ network: '127.0.0.0/24', userAgent: 'Firefox/140' });
    expect(originOf(contracts.listApiKeys)).toBeUndefined();
  });

  it('keys, sessions and streams of a suspended partner end within a second, and are back after it', async () => {
    const { owner, key, otherKey } = services.identities;
    const partnerId = services.principals.get(contracts.credentialDigest(key))?.partner_id as string;
    const status = async (bearer: string) => (await gateway.fetch('/v1/me', { bearer })).status;
    for (const bearer of [owner, key, otherKey]) expect(await status(bearer)).toBe(200);

    services.on(contracts.verifyCredential, ({ digest }) => {
      const principal = services.principals.get(digest);
      if (principal?.partner_id === partnerId) throw new contracts.AppError(contracts.PARTNER_SUSPENDED);
      return { principal, expires_at: null };
    });
    const at = new Date().toISOString();
    await services.bus('auth').publish(contracts.partnerSuspended, { partner_id: partnerId, at });
    const suspendedAt = Date.now();
    await eventually(async () => {
      expect([await status(owner), await status(key)]).toEqual([403, 403]);
    });
    expect(Date.now() - suspendedAt).toBeLessThan(1000);
    const refused = await gateway.fetch('/v1/me', { bearer: key });
    expect(await refused.json()).toMatchObject({ status: 403, code: 'AUTH.PARTNER_SUSPENDED' });
    expect(await status(otherKey)).toBe(200);

    services.reset();
    await services.bus('auth').publish(contracts.partnerResumed, { partner_id: partnerId, at });
    await eventually(async () => {
      expect([await status(owner), await status(key)]).toEqual([200, 200]);
    });
  });
});
