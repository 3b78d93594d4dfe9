import * as contracts from '@gridworks/contracts';
import {
  allowedMs,
  eventually,
  type NatsServer,
  type RedisServer,
  startNats,
  startRedis,
} from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';
import { openStreams, watchEvents } from './watch-events.ts';

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

  const watch = (headers: Record<string, string> = {}) =>
    watchEvents(gateway, '/v1/admin/events', services.identities.admin, headers);
  const open = () => openStreams(gateway);

  it('delivers symptoms as they are observed, to every open stream', async () => {
    const [one, two] = [await watch(), await watch({ 'last-event-id': 'evt_\r nonsense'.replace('\r', '') })];
    expect(one.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await eventually(() => one.seen.text.includes('connected') && two.seen.text.includes('connected'));
    const sent = symptom();
    await services.bus('monitor').publish(contracts.symptomObserved, sent);
    for (const { seen } of [one, two]) {
      const line = await eventually(
        () => /event: symptom\.observed\ndata: (.*)\n\n/.exec(seen.text)?.[1] ?? false,
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
    const received = await eventually(() => {
      const lines = [...seen.text.matchAll(/event: incident\.changed\ndata: (.*)\n\n/g)];
      return lines.length === 2 && lines.map(([, data]) => JSON.parse(data!));
    });
    expect(received).toEqual([opened, resolved]);
    close();
  });

  it('begins with `resync`', async () => {
    const { seen, close } = await watch();
    await eventually(() => /: connected\n\nid: evt_\w{22}\nevent: resync\ndata: \{\}\n\n/.test(seen.text));
    close();
  });

  it('passes on breakers, pauses, patterns and verdicts', async () => {
    const { seen, close } = await watch();
    await eventually(() => seen.text.includes('resync'));
    const at = new Date().toISOString();
    await services.bus('billing').publish(contracts.breakerChanged.billing, {
      service: 'billing',
      instance: 'billing',
      breaker: 'postgres',
      from: 'closed',
      to: 'open',
      mode: 'auto',
      reason: 'five failures in a row',
      at,
    });
    const healer = services.bus('healer');
    await healer.publish(contracts.pauseChanged, { id: contracts.newId('pause'), change: 'made', at });
    await healer.publish(contracts.patternChanged, { at });
    await healer.publish(contracts.verdictChanged, {
      id: contracts.newId('verdict'),
      state: 'suggested',
      at,
    });
    for (const name of ['breaker', 'pause', 'pattern', 'verdict'])
      await eventually(() => seen.text.includes(`event: ${name}.changed\n`));
    close();
  });

  it('sends a health with changed statuses once, and reads it on behalf of the admin of the stream', async () => {
    const at = new Date().toISOString();
    const check = {
      component: 'service:billing',
      status: 'pass',
      observed_at: at,
      latency_ms: 1,
      detail: null,
    };
    const health = {
      object: 'system_health',
      status: 'pass',
      observed_at: at,
      checks: [check],
      instances: [],
    };
    services.on(contracts.getSystemHealth, () => health);
    const { seen, close } = await watch();
    const samples = () =>
      [...seen.text.matchAll(/event: health\.sampled\ndata: (.*)\n\n/g)].map(([, data]) => data);
    await eventually(() => samples().at(-1) === JSON.stringify(health));
    const before = samples().length;
    check.status = 'fail';
    await eventually(() => samples().length === before + 1);
    expect(JSON.parse(samples().at(-1) as string)).toEqual(health);
    const [call] = services.calls.filter(({ subject }) => subject === contracts.getSystemHealth.subject);
    expect(call?.call.principal).toMatchObject({ role: 'platform_admin' });
    services.reset();
    close();
  });

  it('is not opened more than eight times by one session', async () => {
    const all = await Promise.all(Array.from({ length: 9 }, () => watch()));
    expect(all.map(({ response }) => response.status).sort()).toEqual([...Array(8).fill(200), 429]);
    for (const { close } of all) close();
    await eventually(async () => expect(await open()).toBe(0));
  });

  it('sends a symptom soon after its publication', async () => {
    const { seen, close } = await watch();
    await eventually(() => seen.text.includes('resync'));
    const late: number[] = [];
    for (let i = 0; i < 20; i++) {
      const at = performance.now();
      void services
        .bus('monitor')
        .publish(contracts.symptomObserved, { ...symptom(), evidence: { text: `no. ${i};` } });
      await eventually(() => seen.text.includes(`no. ${i};`), { everyMs: 1 });
      late.push(performance.now() - at);
    }
    late.sort((a, b) => a - b);
    process.stdout.write(
      `  a symptom is on the stream after ${late[10]?.toFixed(1)} ms (median of 20), ${late[19]?.toFixed(1)} ms (most)\n`,
    );
    expect(late[10]).toBeLessThan(allowedMs(300));
    close();
  });

  it('sends heartbeats while there are no events', async () => {
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

  it('closes the streams of clients that are gone', async () => {
    const watched = await Promise.all(Array.from({ length: 5 }, () => watch()));
    await eventually(async () => expect(await open()).toBe(5));
    for (const { close } of watched) close();
    await eventually(async () => expect(await open()).toBe(0));
  });
});
