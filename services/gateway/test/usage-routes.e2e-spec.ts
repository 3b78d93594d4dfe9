import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

describe('usage over HTTP', () => {
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

  const series = {
    object: 'call_series',
    by: 'operation',
    times: ['2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
    series: [{ value: 'GET /v1/plans', total_calls: 3, calls: [1, 2] }],
    other: { total_calls: 4, calls: [4, 0] },
  };

  it('is a table when the query or Accept requests one, and JSON otherwise', async () => {
    services.on(contracts.getCallSeries, () => series);
    const bearer = services.identities.owner;
    const table = [
      'from,operation,calls',
      '2026-11-20T00:00:00.000Z,GET /v1/plans,1',
      '2026-11-20T00:00:00.000Z,other,4',
      '2026-11-21T00:00:00.000Z,GET /v1/plans,2',
      '2026-11-21T00:00:00.000Z,other,0',
      '',
    ].join('\r\n');
    const byAddress = await gateway.fetch('/v1/analytics/calls?by=operation&format=csv', { bearer });
    expect(byAddress.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(byAddress.headers.get('content-disposition')).toBe('attachment; filename="calls.csv"');
    expect(await byAddress.text()).toBe(table);
    const byAccept = await gateway.fetch('/v1/analytics/calls', { bearer, headers: { accept: 'text/csv' } });
    expect(await byAccept.text()).toBe(table);
    const json = await gateway.fetch('/v1/analytics/calls', { bearer });
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await json.json()).toEqual(series);
  });

  it('has a row for each group with its cost', async () => {
    const total = { calls: 15, reported_units: 0, cost: 10 };
    const data = [{ group: '2026-11-20', ...total }];
    services.on(contracts.getUsage, () => ({
      ...{ object: 'usage', from: '2026-11-01', to: '2026-11-21', total_calls: 15, test_calls: 0, days: [] },
      ...{ api_keys: [], counted_until: '2026-11-21T00:00:00.000Z' },
      groups: { by: 'day', time_zone: 'UTC', currency: 'EUR', total, data, has_more: false },
    }));
    const bearer = services.identities.owner;
    const table = await gateway.fetch('/v1/usage?group_by=day&format=csv', { bearer });
    expect(await table.text()).toBe(
      ['day,calls,reported_units,cost,currency', '2026-11-20,15,0,10,EUR', ''].join('\r\n'),
    );
    const refused = await gateway.fetch('/v1/usage?group_by=colour', { bearer });
    expect(refused.status).toBe(400);
  });

  it('is refused as a problem, also when a table was requested', async () => {
    const refused = await gateway.fetch('/v1/analytics/calls?step=week&format=csv', {
      bearer: services.identities.owner,
    });
    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is metered with the mode of the key and the time that the call took', async () => {
    const { key, otherKey } = services.identities;
    const principal = services.principals.get(contracts.credentialDigest(otherKey)) as contracts.Principal;
    services.principals.set(contracts.credentialDigest(otherKey), { ...principal, mode: 'test' });
    await gateway.fetch('/v1/plans', { bearer: key });
    await gateway.fetch('/v1/plans', { bearer: otherKey });
    await eventually(() => expect(services.usage).toHaveLength(2));
    expect(services.usage.map(({ mode }) => mode).sort()).toEqual(['live', 'test']);
    for (const { took_ms } of services.usage) expect(took_ms).toBeGreaterThan(0);
  });

  it('takes CloudEvents as one, as a batch and as the request of an SDK, and nothing else', async () => {
    const received: unknown[] = [];
    services.on(contracts.recordUsageEvents, ({ events }: { events: object[] }) => {
      received.push(events);
      return { object: 'usage_event_receipt', accepted: 1, duplicates: 0, rejected: 0, results: [] };
    });
    const event = {
      ...{ specversion: '1.0', id: 'a', source: '/x', type: 'usage.reported' },
      data: { metric: 'reported_units', quantity: 2 },
    };
    const send = (type: string, body: unknown, bearer = services.identities.key) =>
      gateway.fetch('/v1/usage-events', {
        ...{ method: 'POST', bearer, headers: { 'content-type': type } },
        body: JSON.stringify(body),
      });
    const forms: [string, unknown][] = [
      ['application/cloudevents+json; charset=utf-8', event],
      ['application/json', event],
      ['application/cloudevents-batch+json', [event]],
      ['application/json', [event]],
      ['application/json', { events: [event] }],
    ];
    for (const [type, body] of forms) expect((await send(type, body)).status).toBe(202);
    expect(received).toEqual(forms.map(() => [event]));
    const full = Array.from({ length: contracts.MAX_USAGE_EVENTS }, (_, n) => ({
      ...event,
      id: `full-${n}`,
    }));
    expect((await send('application/cloudevents-batch+json', full)).status).toBe(202);
    const refused = async (type: string, body: unknown, bearer?: string) => {
      const response = await send(type, body, bearer);
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await refused('application/cloudevents-batch+json', [...full, event])).toEqual([
      400,
      'PLATFORM.INVALID_INPUT',
    ]);
    expect(await refused('application/json', [])).toEqual([400, 'PLATFORM.INVALID_INPUT']);
    expect(await refused('text/plain', event)).toEqual([415, 'GATEWAY.MEDIA_TYPE_UNSUPPORTED']);
    expect(await refused('application/json', event, services.identities.persons.viewer)).toEqual([
      403,
      'PLATFORM.FORBIDDEN',
    ]);
    const elsewhere = await gateway.fetch('/v1/tickets', {
      ...{ method: 'POST', bearer: services.identities.key, body: JSON.stringify(event) },
      headers: { 'content-type': 'application/cloudevents+json' },
    });
    expect(elsewhere.status).toBe(415);
  });
});
