import * as contracts from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('a request of an admin to the healer', () => {
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
  const request = (method: string, path: string, body?: object) =>
    gateway.fetch(path, {
      method,
      bearer: services.identities.admin,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
  const received = (contract: contracts.RequestContract) =>
    services.calls.filter(({ subject }) => subject === contract.subject).map(({ input }) => input);

  it('reaches the healer with the members of the path and the body', async () => {
    const [pattern, verdict] = [contracts.newId('pattern'), contracts.newId('verdict')];
    expect((await request('GET', '/v1/admin/patterns?state=deciding&limit=2')).status).toBe(200);
    expect(received(contracts.listPatterns)).toEqual([{ state: 'deciding', limit: 2 }]);
    expect((await request('DELETE', `/v1/admin/patterns/${pattern}`)).status).toBe(200);
    expect(received(contracts.removePattern)).toEqual([{ id: pattern }]);
    expect(
      (await request('POST', `/v1/admin/verdicts/${verdict}/decision`, { decision: 'reject' })).status,
    ).toBe(200);
    expect(received(contracts.decideVerdict)).toEqual([{ id: verdict, decision: 'reject' }]);
    const held = { mode: 'open', reason: 'auth is being moved' };
    for (const breaker of ['rpc.auth', 'rpc%2Eauth'])
      expect((await request('PUT', `/v1/admin/instances/billing-2/breakers/${breaker}`, held)).status).toBe(
        200,
      );
    const set = { instance: 'billing-2', breaker: 'rpc.auth', ...held };
    expect(received(contracts.setBreaker)).toEqual([set, set]);
    const label = { scope: 'all', effect: 'label', reason: 'a rehearsal', trains: true };
    expect((await request('POST', '/v1/admin/pauses', label)).status).toBe(201);
    expect(received(contracts.createPause)).toEqual([{ ...label, seconds: 3600 }]);
  });

  it('has the time that its own route gives it, not the usual two seconds', async () => {
    services.on(contracts.lookForIndexes, async () => {
      await new Promise((resolve) => setTimeout(resolve, 2600));
      return { looks: [], suggestions: [] };
    });
    const response = await request('POST', '/v1/admin/database/suggestions/look', {});
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ looks: [], suggestions: [] });
  });

  it.each([
    ['GET', '/v1/admin/patterns?state=learned', undefined],
    ['GET', `/v1/admin/patterns?starting_after=${contracts.newId('verdict')}`, undefined],
    ['DELETE', `/v1/admin/patterns/${contracts.newId('verdict')}`, undefined],
    ['POST', `/v1/admin/verdicts/${contracts.newId('verdict')}/decision`, { decision: 'promote' }],
    ['PUT', '/v1/admin/instances/billing-2/breakers/rpc.auth', { mode: 'ajar', reason: 'because' }],
    ['PUT', '/v1/admin/instances/billing-2/breakers/rpc.auth', { mode: 'open' }],
    ['PUT', '/v1/admin/instances/bill.*/breakers/rpc.auth', { mode: 'open', reason: 'because' }],
    ['PUT', '/v1/admin/instances/billing/breakers/redis', { mode: 'open', reason: 'x', instance: 'auth' }],
  ])('does not reach the healer when it is invalid: %s %s', async (method, path, body) => {
    const response = await request(method, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    expect(services.calls.filter(({ subject }) => subject.startsWith('rpc.healer.'))).toEqual([]);
  });

  it('accepts every breaker name that its document allows, fully escaped, and no other', async () => {
    const escaped = (name: string) =>
      Array.from(Buffer.from(name), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    const held = { mode: 'auto', reason: 'a drill' };
    const put = (name: string) =>
      request('PUT', `/v1/admin/instances/billing/breakers/${escaped(name)}`, held);
    const good = ['x'.repeat(120), 'healer.model.ask@https://model-2/v1?a=b#c', '%2e%2e'];
    for (const breaker of good) expect((await put(breaker)).status).toBe(200);
    expect(received(contracts.setBreaker)).toEqual(
      good.map((breaker) => ({ instance: 'billing', breaker, ...held })),
    );
    services.reset();
    for (const breaker of ['x'.repeat(121), 'a b', 'a\u0000', 'a\n', 'é', '😀'.repeat(60)]) {
      const response = await put(breaker);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
        errors: [expect.objectContaining({ pointer: '/breaker' })],
      });
    }
    expect(received(contracts.setBreaker)).toEqual([]);
  });

  it('gets links to further pages of patterns and verdicts', async () => {
    for (const [path, contract, kind] of [
      ['/v1/admin/patterns', contracts.listPatterns, 'pattern'],
      ['/v1/admin/verdicts', contracts.listVerdicts, 'verdict'],
    ] as const) {
      const id = contracts.newId(kind);
      services.on(contract, () => ({ object: 'list', url: path, has_more: true, data: [{ id }] }));
      expect((await request('GET', path)).headers.get('link')).toBe(
        `<${path}?starting_after=${id}>; rel="next"`,
      );
    }
  });

  it('gets a problem for an id that the healer does not have', async () => {
    services.on(contracts.removePattern, () => {
      throw new contracts.AppError(contracts.PATTERN_NOT_FOUND);
    });
    services.on(contracts.setBreaker, () => {
      throw new contracts.AppError(contracts.BREAKER_NOT_FOUND);
    });
    services.on(contracts.decideVerdict, () => {
      throw new contracts.AppError(contracts.VERDICT_DECIDED);
    });
    expect((await request('DELETE', `/v1/admin/patterns/${contracts.newId('pattern')}`)).status).toBe(404);
    const held = { mode: 'open', reason: 'because' };
    expect((await request('PUT', '/v1/admin/instances/billing/breakers/nothing', held)).status).toBe(404);
    const decided = await request('POST', `/v1/admin/verdicts/${contracts.newId('verdict')}/decision`, {
      decision: 'trial',
    });
    expect(decided.status).toBe(409);
  });
});
