import {
  BUCKETS,
  type BucketName,
  consumerRequest,
  DEAD_LETTER_CONSUMER,
  EVENTS,
  INSTANCE_VERBS,
  inboxDiscardRequest,
  inboxRequest,
  indexRequests,
  instanceRequest,
  newId,
  type Pulse,
  REQUESTS,
  replayRequest,
  SERVICES,
  type ServiceName,
} from '@gridworks/contracts';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection, type PermissionViolationError } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Bus } from '../src/index.ts';
import { serviceOfConsumer } from '../src/permissions/index.ts';
import { closeAll, connectBus } from './bus-under-test.ts';

const anything = z.unknown();
const lax = <C extends { input?: unknown; output?: unknown; payload?: unknown }>(contract: C): C => ({
  ...contract,
  ...('input' in contract && { input: anything, output: anything }),
  ...('payload' in contract && { payload: anything }),
  // Entries of the audit log are events, which the consumers below would get, too.
  ...('audit' in contract && { audit: { none: 'the test counts events' } }),
  // The responder checks on whose behalf a request is sent, and has a spec of its own.
  ...('permission' in contract && { permission: 'public' as const }),
});
const requests = [
  ...REQUESTS,
  ...SERVICES.flatMap((service) =>
    INSTANCE_VERBS.map((verb) => instanceRequest(service, verb, `${service}-2`)),
  ),
].map(lax);

describe('the allow-lists', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats({ withPermissions: true });
  });
  afterEach(closeAll);
  afterAll(() => server.stop());

  const everybody = async (): Promise<Record<ServiceName, Bus>> => {
    const buses = await Promise.all(SERVICES.map((service) => connectBus(server, service)));
    return Object.fromEntries(buses.map((bus) => [bus.service, bus])) as Record<ServiceName, Bus>;
  };

  it('let every service send and serve the requests of its contracts', async () => {
    const buses = await everybody();
    for (const contract of requests) {
      await buses[contract.owner].serve(contract, () => ({ by: contract.owner, subject: contract.subject }));
    }
    for (const contract of requests) {
      for (const caller of contract.callers) {
        expect(await buses[caller].request(contract, {} as never)).toEqual({
          by: contract.owner,
          subject: contract.subject,
        });
      }
    }
  });

  it('let every service publish and consume its events, listen, and read the consumed positions', async () => {
    const buses = await everybody();
    for (const contract of EVENTS.map(lax)) {
      const received: string[] = [];
      for (const name of contract.consumers) {
        const service = serviceOfConsumer(name) as ServiceName;
        await buses[service].consume(contract, name, async () => void received.push(name));
        await buses[service].serve(inboxRequest(service), () => ({ confirmed: ['all'] }));
        const confirmed = buses[contract.owner].request(inboxRequest(service), {
          consumer: name,
          event_ids: [],
        });
        expect(await confirmed).toEqual({ confirmed: ['all'] });
      }
      for (const name of contract.listeners) {
        buses[name].listen(contract, async () => void received.push(name));
        await buses[name].rtt();
      }
      await buses[contract.owner].publish(contract, {});
      await eventually(() =>
        expect({ event: contract.subject, received: received.sort() }).toEqual({
          event: contract.subject,
          received: [...contract.consumers, ...contract.listeners].sort(),
        }),
      );
    }
  });

  it('let a consumer give up an event', async () => {
    const buses = await everybody();
    const contract = EVENTS.find(({ consumers }) => consumers.length > 0) as (typeof EVENTS)[number];
    const name = contract.consumers[0] as string;
    const consumer = buses[serviceOfConsumer(name) as ServiceName];
    await consumer.consume(contract, name, async () => undefined);
    await buses[contract.owner].publishRaw(contract.subject, 'junk', { 'Nats-Msg-Id': 'junk' });
    await eventually(async () => expect((await buses.monitor.backlog()).deadLetters).toBe(1));
  });

  it('let the healer take dead letters', async () => {
    const buses = await everybody();
    const contract = EVENTS.find(({ consumers }) => consumers.length > 0) as (typeof EVENTS)[number];
    const name = contract.consumers[0] as string;
    const kept: string[] = [];
    await buses.healer.consumeDeadLetters(
      DEAD_LETTER_CONSUMER,
      async ({ consumer }) => void kept.push(consumer),
    );
    await buses[serviceOfConsumer(name)].consume(contract, name, async () => undefined);
    await buses[contract.owner].publishRaw(contract.subject, 'junk', { 'Nats-Msg-Id': newId('event') });
    await eventually(() => expect(kept).toContain(name));
  });

  it('let the healer, and nobody else, have dead letters replayed and discarded, and indexes built', async () => {
    const buses = await everybody();
    for (const service of SERVICES) {
      const offers = [
        ...[consumerRequest, replayRequest, inboxDiscardRequest].map((request) => request(service)),
        ...indexRequests(service),
      ].map(lax);
      for (const offer of offers) await buses[service].serve(offer, () => ({ by: service }));
      for (const offer of offers) {
        expect(await buses.healer.request(offer, {} as never)).toEqual({ by: service });
        for (const other of SERVICES.filter((one) => one !== 'healer'))
          expect(await refusal(other, (nc) => nc.publish(offer.subject, '{}'))).toMatch(/publish/i);
      }
    }
  }, 60_000);

  it('let monitor and healer receive every pulse, and no service send the pulse of another', async () => {
    const buses = await everybody();
    const received: Record<string, string[]> = { monitor: [], healer: [] };
    for (const overseer of ['monitor', 'healer'] as const) {
      buses[overseer].listenPulse(({ service }) => void received[overseer]?.push(service));
      await buses[overseer].rtt();
    }
    for (const service of SERVICES) buses[service].sendPulse(pulseOf(service));
    const all = [...SERVICES].sort();
    await eventually(() => expect(received.monitor?.sort()).toEqual(all));
    await eventually(() => expect(received.healer?.sort()).toEqual(all));
    expect(await refusal('billing', (nc) => nc.publish('pulse.auth.auth', '{}'))).toMatch(/publish/i);
    expect(await refusal('gateway', (nc) => nc.subscribe('pulse.*.*'))).toMatch(/subscription/i);
  });

  it('let the owner of a bucket do everything with its entries', async () => {
    const buses = await everybody();
    for (const [name, { owner }] of Object.entries(BUCKETS)) {
      const bucket = await buses[owner].bucket(name as BucketName, z.object({ n: z.number() }));
      const changes: unknown[] = [];
      const revision = (await bucket.create('a', { n: 1 })) as number;
      const watch = bucket.watch(({ key, value }) => void changes.push([key, value?.n ?? null]));
      await eventually(() => expect(changes).toEqual([['a', 1]]));
      expect(await bucket.update('a', { n: 2 }, revision)).toBeGreaterThan(revision);
      expect(await bucket.keys()).toEqual(['a']);
      expect((await bucket.get('a'))?.value).toEqual({ n: 2 });
      await eventually(() => expect(changes).toHaveLength(2));
      await bucket.delete('a');
      await eventually(() =>
        expect(changes).toEqual([
          ['a', 1],
          ['a', 2],
          ['a', null],
        ]),
      );
      watch.stop();
    }
  });

  it('let the readers of a bucket read and watch it, and write nothing', async () => {
    const buses = await everybody();
    const shared = Object.entries(BUCKETS).filter(([, bucket]) => 'readers' in bucket);
    expect(shared.map(([name]) => name)).toEqual(['healer_patterns']);
    for (const [name, { owner }] of shared) {
      const shape = z.object({ n: z.number() });
      const written = await buses[owner].bucket(name as BucketName, shape);
      await written.put('a', { n: 1 });
      for (const reader of SERVICES.filter((service) => service !== owner)) {
        const bucket = await buses[reader].bucket(name as BucketName, shape);
        expect((await bucket.get('a'))?.value).toEqual({ n: 1 });
        expect(await bucket.keys()).toEqual(['a']);
        const seen: unknown[] = [];
        const watch = bucket.watch(({ value }) => void seen.push(value?.n));
        await eventually(() => expect(seen).toEqual([1]));
        watch.stop();
        for (const subject of ['a', 'b']) {
          const write = (nc: NatsConnection) => nc.publish(`$KV.${name}.${subject}`, '{"n":2}');
          expect(await refusal(reader, write)).toBe('publish');
        }
      }
      expect((await written.get('a'))?.value).toEqual({ n: 1 });
      expect(await written.get('b')).toBeNull();
    }
  });

  it('let a reader of a bucket start before its owner', async () => {
    const { healer, billing } = await everybody();
    const read = await billing.bucket('healer_patterns', z.unknown());
    expect(await read.get('missing')).toBeNull();
    const written = await healer.bucket('healer_patterns', z.unknown());
    await written.put('c', 1);
    expect((await read.get('c'))?.value).toBe(1);
  });

  /** The server's error for an attempt by this service's user. */
  async function refusal(service: ServiceName, attempt: (nc: NatsConnection) => unknown): Promise<string> {
    const { user, password } = server.credentials(service);
    const nc = await connect({ servers: server.url, user, pass: password, inboxPrefix: `_INBOX_${service}` });
    try {
      const status = nc.status();
      attempt(nc);
      await nc.flush();
      await nc.flush();
      queueMicrotask(() => void nc.close());
      for await (const event of status) {
        if (event.type === 'error') return (event.error as PermissionViolationError).operation;
      }
      return 'allowed';
    } finally {
      await nc.close();
    }
  }

  const send =
    (subject: string, body = '{}') =>
    (nc: NatsConnection) =>
      void nc.request(subject, body, { timeout: 300 }).catch(() => undefined);

  it.each([...SERVICES])(
    'keep %s from ruining the streams, by JetStream commands of any kind',
    async (service) => {
      const streams = ['EVENTS', 'DEAD', ...Object.keys(BUCKETS).map((name) => `KV_${name}`)];
      for (const stream of streams) {
        for (const command of [
          'STREAM.CREATE',
          'STREAM.DELETE',
          'STREAM.PURGE',
          'STREAM.UPDATE',
          'STREAM.MSG.DELETE',
          'CONSUMER.CREATE',
        ]) {
          expect([command, stream, await refusal(service, send(`$JS.API.${command}.${stream}`))]).toEqual([
            command,
            stream,
            'publish',
          ]);
        }
      }
      for (const other of EVENTS.flatMap(({ consumers }) => consumers)) {
        expect(await refusal(service, send(`$JS.API.CONSUMER.DELETE.EVENTS.${other}`))).toBe('publish');
        if (serviceOfConsumer(other) === service) continue;
        expect(await refusal(service, send(`$JS.API.CONSUMER.MSG.NEXT.EVENTS.${other}`))).toBe('publish');
        expect(await refusal(service, (nc) => nc.publish(`$JS.ACK.EVENTS.${other}.1.1.1.1.0`))).toBe(
          'publish',
        );
      }
      expect(await refusal(service, send('$JS.API.STREAM.CREATE.ANOTHER'))).toBe('publish');
    },
  );

  it.each([...SERVICES])('keep %s from publishing and subscribing for other services', async (service) => {
    for (const contract of EVENTS.filter(({ owner }) => owner !== service)) {
      expect(await refusal(service, (nc) => nc.publish(contract.subject, '{}'))).toBe('publish');
    }
    for (const contract of requests) {
      if (contract.owner !== service) {
        expect(await refusal(service, (nc) => nc.subscribe(contract.subject))).toBe('subscription');
      }
      if (!contract.callers.includes(service)) {
        expect(await refusal(service, send(contract.subject))).toBe('publish');
      }
    }
    for (const subject of [
      '>',
      '*',
      'rpc.>',
      'event.>',
      '$JS.>',
      '$SYS.>',
      '_INBOX.>',
      '_INBOX_*.>',
      'dead.>',
    ]) {
      expect(await refusal(service, (nc) => nc.subscribe(subject))).toBe('subscription');
    }
    for (const other of SERVICES.filter((name) => name !== service)) {
      expect(await refusal(service, (nc) => nc.subscribe(`_INBOX_${other}.>`))).toBe('subscription');
    }
    for (const [bucket, { owner }] of Object.entries(BUCKETS)) {
      if (owner === service) continue;
      expect(await refusal(service, (nc) => nc.publish(`$KV.${bucket}.a`, '{}'))).toBe('publish');
    }
  });

  it('tell a service at once what it may not do', async () => {
    const { billing } = await everybody();
    const foreign = lax(
      REQUESTS.find(({ callers }) => !callers.includes('billing')) as (typeof REQUESTS)[number],
    );
    await expect(billing.request(foreign, {} as never)).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
    const event = lax(EVENTS.find(({ owner }) => owner !== 'billing') as (typeof EVENTS)[number]);
    await expect(billing.publish(event, {})).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
  });

  it('name each consumer for one event, since NATS 2.9 has one filter per consumer', () => {
    const names = EVENTS.flatMap(({ consumers }) => consumers);
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuse a client without a user, or with a wrong password', async () => {
    await expect(connectBus(server, 'billing', { user: undefined, password: undefined })).rejects.toThrow(
      /authoriz/i,
    );
    await expect(connectBus(server, 'billing', { password: 'wrong' })).rejects.toThrow(/authoriz/i);
  });
});

function pulseOf(service: ServiceName): Pulse {
  const now = new Date().toISOString();
  return {
    service,
    instance: service,
    boot_id: 'boot',
    pid: 1,
    started_at: now,
    sent_at: now,
    sequence: 1,
    state: 'ready',
    health_url: 'http://127.0.0.1:1',
    resident_bytes: 1,
    event_loop_lag_ms: 0,
    in_flight: 0,
    requests: { ok: 0, failed: 0 },
    dependencies: [],
    degraded: [],
  };
}
