import { AppError, defineError, UNAVAILABLE } from '@gridworks/contracts';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { BusEvent } from '../src/index.ts';
import { closeAll, connectBus, counted, plan } from './bus-under-test.ts';

const CONSUMER = 'billing_count-thing';
const POISON = defineError({ code: 'BILLING.POISON', kind: 'conflict', title: 'Never' });

describe('publishing and consuming', () => {
  let server: NatsServer;
  let raw: NatsConnection;
  beforeAll(async () => {
    server = await startNats({ plan: { ...plan, ackWaitMs: 300 } });
    raw = await connect({ servers: server.url });
  });
  afterEach(async () => {
    await closeAll();
    const jsm = await jetstreamManager(raw);
    await jsm.streams.purge('EVENTS');
    await jsm.streams.purge('DEAD');
  });
  afterAll(async () => {
    await raw.close();
    await server.stop();
  });

  const deadLetters = async () => {
    const jsm = await jetstreamManager(raw);
    const { state } = await jsm.streams.info('DEAD');
    return Promise.all(
      Array.from({ length: state.messages }, async (_, i) => {
        const stored = await jsm.streams.getMessage('DEAD', { seq: state.first_seq + i });
        return {
          subject: stored?.subject,
          reason: stored?.header.get('Dead-Reason'),
          body: stored?.string(),
        };
      }),
    );
  };
  const unsettled = async () => {
    const info = await (await jetstreamManager(raw)).consumers.info('EVENTS', CONSUMER);
    return info.num_ack_pending + info.num_pending;
  };

  it('delivers an event with everything that its publisher set', async () => {
    const gateway = await connectBus(server, 'gateway', { instance: 'gateway-2' });
    const billing = await connectBus(server, 'billing');
    const seen: BusEvent[] = [];
    await billing.consume(counted, CONSUMER, async (event) => void seen.push(event));
    const ack = await gateway.publish(counted, { n: 7 }, { id: 'evt_1', partnerId: 'par_1' });
    expect(ack).toEqual({ sequence: 1, duplicate: false });
    await eventually(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toMatchObject({
      id: 'evt_1',
      subject: counted.subject,
      type: counted.subject,
      source: '/gateway/gateway-2',
      partnerId: 'par_1',
      payload: { n: 7 },
      deliveries: 1,
    });
    expect(Date.parse(seen[0]?.time ?? '')).toBeGreaterThan(Date.now() - 10_000);
    await eventually(async () => expect(await unsettled()).toBe(0));
  });

  it('delivers events that were published before a consumer ran, and continues where it stopped', async () => {
    const gateway = await connectBus(server, 'gateway');
    for (const n of [1, 2, 3]) await gateway.publish(counted, { n });
    const first = await connectBus(server, 'billing');
    const seen: number[] = [];
    const consumption = await first.consume(
      counted,
      CONSUMER,
      async ({ payload }) => void seen.push(payload.n),
    );
    await eventually(() => expect(seen).toHaveLength(3));
    await consumption.stop();
    await gateway.publish(counted, { n: 4 });
    const second = await connectBus(server, 'billing');
    await second.consume(counted, CONSUMER, async ({ payload }) => void seen.push(payload.n));
    await eventually(() => expect(seen.sort()).toEqual([1, 2, 3, 4]));
  });

  it('stores an event once when it is published twice under one id', async () => {
    const gateway = await connectBus(server, 'gateway');
    const first = await gateway.publish(counted, { n: 1 }, { id: 'evt_same' });
    expect(await gateway.publish(counted, { n: 1 }, { id: 'evt_same' })).toEqual({
      ...first,
      duplicate: true,
    });
    const replay = await gateway.publish(counted, { n: 1 }, { id: 'evt_same', dedupId: 'evt_same:2' });
    expect(replay.duplicate).toBe(false);
  });

  it('pauses before each new attempt, longer each time', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const at: number[] = [];
    await billing.consume(counted, CONSUMER, async (event) => {
      at.push(performance.now());
      if (event.deliveries < 3) throw new Error('not yet');
    });
    await gateway.publish(counted, { n: 1 });
    await eventually(() => expect(at).toHaveLength(3));
    const [a, b, c] = at as [number, number, number];
    expect(b - a).toBeGreaterThan(70);
    expect(c - b).toBeGreaterThan(380);
    await eventually(async () => expect(await unsettled()).toBe(0));
    expect(await deadLetters()).toEqual([]);
  });

  it('gives up an event that can never succeed, once, and delivers the others', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const seen: number[] = [];
    await billing.consume(counted, CONSUMER, async ({ payload }) => {
      seen.push(payload.n);
      if (payload.n === 13) throw new AppError(POISON, { detail: 'thirteen' });
    });
    for (const n of [12, 13, 14]) await gateway.publish(counted, { n });
    const junk = '{"specversion":"1.0"}';
    await gateway.publishRaw(counted.subject, 'not even JSON', { 'Nats-Msg-Id': 'junk-1' });
    await gateway.publishRaw(counted.subject, junk, { 'Nats-Msg-Id': 'junk-2' });
    const wrong = { specversion: '1.0', id: 'x', type: counted.subject, data: { n: 'NaN' } };
    await gateway.publishRaw(counted.subject, JSON.stringify(wrong), { 'Nats-Msg-Id': 'junk-3' });
    await gateway.publish(counted, { n: 15 });
    await eventually(() => expect(seen.sort()).toEqual([12, 13, 14, 15]));
    await eventually(async () => expect(await unsettled()).toBe(0));
    const dead = await deadLetters();
    expect(dead.map(({ subject }) => subject)).toEqual(Array(4).fill(`dead.${counted.subject}`));
    expect(dead.map(({ reason }) => reason).sort()).toEqual([
      'BILLING.POISON: thirteen',
      expect.stringMatching(/^not a valid event: .*JSON/),
      expect.stringMatching(/^not a valid event: not a CloudEvent/),
      expect.stringMatching(/^not a valid event: payload: n /),
    ]);
    expect(dead.map(({ body }) => body)).toContain(junk);
  });

  it.each([
    ['source', { source: '/auth/auth' }],
    ['data', { data: { n: 1, service: 'auth' } }],
  ])('drops an event whose %s names another service than its subject', async (_, claim) => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const seen: unknown[] = [];
    await billing.consume(counted, CONSUMER, async ({ payload }) => void seen.push(payload.n));
    billing.listen(counted, async ({ payload }) => void seen.push(`passing ${payload.n}`));
    await billing.rtt();
    const event = { specversion: '1.0', id: 'forged', source: '/gateway/gateway', type: counted.subject };
    const forged = JSON.stringify({ ...event, data: { n: 1 }, ...claim });
    await gateway.publishRaw(counted.subject, forged, { 'Nats-Msg-Id': `forged-${_}` });
    await gateway.publish(counted, { n: 2 });
    await eventually(() => expect(seen.map(String).sort()).toEqual(['2', 'passing 2']));
    await eventually(async () => expect(await unsettled()).toBe(0));
    expect(await deadLetters()).toEqual([]);
  });

  it('gives up after the maximum number of failed attempts', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    let attempts = 0;
    const fails = async () => {
      attempts++;
      throw new Error('broken');
    };
    await billing.consume(counted, CONSUMER, fails, { maxAttempts: 2 });
    await gateway.publish(counted, { n: 1 });
    await eventually(async () => expect(await deadLetters()).toHaveLength(1));
    expect(attempts).toBe(2);
    expect((await deadLetters())[0]?.reason).toBe('failed 2 times, most recently with: broken');
    await eventually(async () => expect(await unsettled()).toBe(0));
  });

  it('does not give up while a dependency is away', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    let attempts = 0;
    const handler = async () => {
      if (++attempts < 4) throw new AppError(UNAVAILABLE);
    };
    await billing.consume(counted, CONSUMER, handler, { maxAttempts: 1 });
    await gateway.publish(counted, { n: 1 });
    await eventually(() => expect(attempts).toBe(4), { timeoutMs: 10_000 });
    await eventually(async () => expect(await unsettled()).toBe(0));
    expect(await deadLetters()).toEqual([]);
  });

  it('keeps an event whose handling takes longer than the ack wait of the server', async () => {
    const gateway = await connectBus(server, 'gateway');
    const [first, second] = [await connectBus(server, 'billing'), await connectBus(server, 'billing')];
    const deliveries: number[] = [];
    let finish: () => void = () => undefined;
    const handler = async (event: BusEvent) => {
      deliveries.push(event.deliveries);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    for (const bus of [first, second]) await bus.consume(counted, CONSUMER, handler);
    await gateway.publish(counted, { n: 1 });
    await eventually(() => expect(deliveries).toHaveLength(1));
    const begun = performance.now();
    await eventually(() => performance.now() - begun > 1200);
    finish();
    await eventually(async () => expect(await unsettled()).toBe(0));
    expect(deliveries).toEqual([1]);
  });

  it('never handles more events at once than its limit', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const release: (() => void)[] = [];
    let most = 0;
    let done = 0;
    const consumption = await billing.consume(
      counted,
      CONSUMER,
      async () => {
        await new Promise<void>((resolve) => release.push(resolve));
        done++;
      },
      { concurrency: 3 },
    );
    for (let n = 0; n < 10; n++) await gateway.publish(counted, { n });
    await eventually(() => {
      most = Math.max(most, consumption.inFlight());
      if (consumption.inFlight() === 3 || done > 7) release.shift()?.();
      expect(done).toBe(10);
    });
    expect(most).toBe(3);
  });

  it('sends events to listeners without storing anything for them', async () => {
    const gateway = await connectBus(server, 'gateway');
    const publisher = await connectBus(server, 'gateway', { instance: 'gateway-2' });
    await publisher.publish(counted, { n: 0 });
    const received: number[] = [];
    const listening = gateway.listen(counted, async ({ payload }) => {
      received.push(payload.n);
      if (payload.n === 1) throw new Error('a listener may fail');
    });
    await gateway.rtt();
    await publisher.publish(counted, { n: 1 });
    await publisher.publishRaw(counted.subject, 'junk', { 'Nats-Msg-Id': 'junk' });
    await publisher.publish(counted, { n: 2 });
    await eventually(() => expect(received).toEqual([1, 2]));
    listening.stop();
  });

  it('refuses a payload that does not fit the contract, and a consumer that the contract does not name', async () => {
    const gateway = await connectBus(server, 'gateway');
    await expect(gateway.publish(counted, { n: 'one' as unknown as number })).rejects.toThrow(
      /expected number/,
    );
    await expect(gateway.consume(counted, 'billing_other', async () => undefined)).rejects.toThrow(
      /names no consumer/,
    );
  });
});
