import * as contracts from '@gridworks/contracts';
import { eventually, type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

const symptom = (): contracts.Symptom => ({
  id: contracts.newId('symptom'),
  signal: 'instance.unresponsive',
  target: { kind: 'service', name: 'billing', process: 'billing' },
  state: 'firing',
  began_at: new Date().toISOString(),
  observed_at: new Date().toISOString(),
  suspects: [],
  evidence: { text: 'two\nlines' },
});

const incident = (): contracts.Incident => {
  const { signal, target, ...first } = symptom();
  return {
    object: 'incident',
    id: contracts.newId('incident'),
    status: 'open',
    title: 'billing does not respond',
    cause: { signal, target },
    began_at: first.began_at,
    observed_at: first.observed_at,
    resolved_at: null,
    decided_by: null,
    rule: null,
    actions: [],
    symptoms: [{ signal, target, ...first }],
    errors: [],
    timeline: [],
    mailed_at: null,
    trace_id: null,
    experiment: null,
    recurring: false,
    revision: 1,
  };
};

describe('the event stream for admins', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url, env: { GATEWAY_STREAM_HEARTBEAT_MS: '200' } });
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });

  async function watch(headers: Record<string, string> = {}) {
    const abort = new AbortController();
    const response = await gateway.fetch('/v1/admin/events', {
      bearer: services.identities.admin,
      headers,
      signal: abort.signal,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const seen = { text: '', ended: false };
    void (async () => {
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
        if (done) break;
        seen.text += decoder.decode(value, { stream: true });
      }
      seen.ended = true;
    })();
    return { response, seen, close: () => abort.abort() };
  }

  it('delivers symptoms as they are observed, to everyone that watches', async () => {
    const [one, two] = [await watch(), await watch({ 'last-event-id': 'evt_\r nonsense'.replace('\r', '') })];
    expect(one.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await eventually(() => one.seen.text.includes('connected') && two.seen.text.includes('connected'));
    const sent = symptom();
    await services.bus('monitor').publish(contracts.symptomObserved, sent);
    for (const { seen } of [one, two]) {
      const line = await eventually(
        () => /event: event\.monitor\.symptom\.observed\ndata: (.*)\n\n/.exec(seen.text)?.[1] ?? false,
      );
      expect(JSON.parse(line)).toEqual(sent);
      expect(seen.text).toMatch(/id: evt_\w{22}\n/);
    }
    one.close();
    two.close();
  });

  it('delivers each change of an incident, in the order of the changes', async () => {
    const { seen, close } = await watch();
    await eventually(() => seen.text.includes('connected'));
    const opened = incident();
    const resolved = { ...opened, status: 'resolved' as const, resolved_at: opened.observed_at, revision: 2 };
    for (const sent of [opened, resolved])
      await services.bus('healer').publish(contracts.incidentChanged, sent);
    const told = await eventually(() => {
      const lines = [...seen.text.matchAll(/event: event\.healer\.incident\.changed\ndata: (.*)\n\n/g)];
      return lines.length === 2 && lines.map(([, data]) => JSON.parse(data!));
    });
    expect(told).toEqual([opened, resolved]);
    close();
  });

  it('beats while nothing happens', async () => {
    const { seen, close } = await watch();
    await eventually(() => (seen.text.match(/: heartbeat/g) ?? []).length >= 2);
    close();
  });

  it('ends when the session ends', async () => {
    const { seen } = await watch();
    await eventually(() => seen.text.includes('connected'));
    const digest = contracts.credentialDigest(services.identities.admin);
    const { id } = services.principals.get(digest) as contracts.Principal;
    await services.bus('auth').publish(contracts.credentialRevoked, { kind: 'session', id, digest });
    await eventually(() => seen.ended);
  });

  it('forgets clients that have gone', async () => {
    const watched = await Promise.all(Array.from({ length: 5 }, () => watch()));
    const open = async () =>
      Number(
        /^gateway_event_streams (\d+)$/m.exec(
          await (await fetch(`${gateway.healthUrl}/metrics`)).text(),
        )?.[1],
      );
    await eventually(async () => expect(await open()).toBe(5));
    for (const { close } of watched) close();
    await eventually(async () => expect(await open()).toBe(0));
  });
});
