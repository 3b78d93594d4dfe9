import type { AppError } from '@gridworks/contracts';
import { allowedMs, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { charge, closeAll, connectBus, counted, echo, plan } from './bus-under-test.ts';

const CONSUMER = 'billing_count-thing';

describe('when the NATS server goes away', () => {
  let server: NatsServer;
  beforeEach(async () => {
    server = await startNats({ plan });
  });
  afterEach(async () => {
    await closeAll();
    await server.stop();
  });

  const timed = async (work: Promise<unknown>) => {
    const start = performance.now();
    const error = await work.then(
      () => undefined,
      (thrown: AppError) => thrown,
    );
    return {
      ms: performance.now() - start,
      code: error?.code,
      kind: error?.kind,
      retryAfterMs: error?.retryAfterMs,
    };
  };

  it('requests fail at once after a moment, and succeed again when it is back', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, ({ text }) => ({ text }));
    const bucket = await gateway.bucket('monitor_registry', z.object({ n: z.number() }));
    await bucket.put('a', { n: 1 });
    const boot = gateway.boot();
    const states: string[] = [];
    gateway.onState((state) => void states.push(state));

    await server.kill9();
    await eventually(() => expect(gateway.state()).toBe('disconnected'));
    // Requests wait for the short time that a restart takes; this outage is longer.
    const { ms: bridgedMs, code: bridged } = await timed(gateway.request(echo, { text: '' }));
    expect(bridged).toBe('PLATFORM.UNAVAILABLE');
    expect(bridgedMs).toBeLessThan(allowedMs(1600));
    for (const work of [
      () => gateway.request(echo, { text: '' }),
      () => gateway.forward(echo, { text: '' }),
      () => gateway.publish(counted, { n: 1 }),
      () => gateway.rtt(),
      () => bucket.get('a'),
      () => bucket.put('a', { n: 2 }),
    ]) {
      const { ms, code, retryAfterMs } = await timed(work());
      expect({ code, retryAfterMs }).toEqual({ code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 });
      expect(ms).toBeLessThan(allowedMs(100));
    }
    expect(gateway.degraded()).toMatch(/bus is away/);

    await server.restart();
    await eventually(async () => expect(await gateway.request(echo, { text: 'b' })).toEqual({ text: 'b' }));
    expect((await bucket.get('a'))?.value).toEqual({ n: 1 });
    expect(states).toEqual(['disconnected', 'connected']);
    expect(gateway.connectionsLost()).toBe(1);
    expect(gateway.degraded()).toBeNull();
    expect(gateway.boot()).not.toBe(boot);
  });

  it('pending requests end, and their errors say whether the work may have been done', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    let requested = 0;
    const never = () => {
      requested++;
      return new Promise<never>(() => undefined);
    };
    await billing.serve(echo, never);
    await billing.serve(charge, never);
    const harmless = timed(gateway.request(echo, { text: '' }, { deadlineMs: 20_000 }));
    const harmful = timed(gateway.request(charge, {}, { deadlineMs: 20_000 }));
    await eventually(() => expect(requested).toBe(2));
    await server.kill9();
    expect((await harmless).kind).toBe('unavailable');
    expect((await harmful).kind).toBe('deadline_exceeded');
    expect((await harmful).ms).toBeLessThan(allowedMs(5000));
  });

  it('no acknowledged event is lost, and each is delivered', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const seen = new Set<number>();
    await billing.consume(counted, CONSUMER, async ({ payload }) => void seen.add(payload.n));
    const acknowledged = new Set<number>();
    let next = 0;
    let over = false;
    const publishing = Array.from({ length: 20 }, async () => {
      while (!over) {
        const n = next++;
        const ack = await gateway.publish(counted, { n }, { id: `evt_${n}` }).catch(() => undefined);
        if (ack) acknowledged.add(n);
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    for (let kill = 1; kill <= 3; kill++) {
      await eventually(() => acknowledged.size > 300 * kill);
      await server.kill9();
      await eventually(() => gateway.state() === 'disconnected');
      await server.restart();
      await eventually(() => gateway.state() === 'connected');
    }
    over = true;
    await Promise.all(publishing);
    await eventually(() => expect([...acknowledged].filter((n) => !seen.has(n))).toEqual([]), {
      timeoutMs: 20_000,
    });
  });

  it('everything stored is still there after a restart', async () => {
    const gateway = await connectBus(server, 'gateway');
    const { sequence } = await gateway.publish(counted, { n: 1 }, { id: 'evt_same' });
    await server.kill9();
    await server.restart();
    await eventually(() => gateway.state() === 'connected');
    expect(await gateway.publish(counted, { n: 1 }, { id: 'evt_same' })).toEqual({
      sequence,
      duplicate: true,
    });
  });

  it('a server that hangs is noticed, with its connections still open', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, ({ text }) => ({ text }));
    await gateway.request(echo, { text: '' });
    server.freeze();
    const early = timed(gateway.request(echo, { text: '' }, { deadlineMs: 20_000 }));
    await eventually(() => expect(gateway.state()).toBe('disconnected'));
    expect((await early).kind).toBe('unavailable');
    await timed(gateway.request(echo, { text: '' }));
    const { ms, code } = await timed(gateway.request(echo, { text: '' }));
    expect(code).toBe('PLATFORM.UNAVAILABLE');
    expect(ms).toBeLessThan(allowedMs(100));
    server.thaw();
    await eventually(async () => expect(await gateway.request(echo, { text: 'b' })).toEqual({ text: 'b' }), {
      timeoutMs: 10_000,
    });
  });

  it('streams, consumers and buckets are created again when all were lost', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const seen: number[] = [];
    await billing.consume(counted, CONSUMER, async ({ payload }) => void seen.push(payload.n));
    // A subscriber keeps the server from reporting "no responders" for the event.
    gateway.listen(counted, async () => undefined);
    const bucket = await gateway.bucket('monitor_registry', z.object({ n: z.number() }));
    const unwatched = await gateway.bucket('healer_limits', z.unknown());
    await unwatched.put('a', 1);
    const changes: unknown[] = [];
    bucket.watch(({ key, value }) => void changes.push([key, value?.n]));
    await gateway.publish(counted, { n: 1 });
    await bucket.put('a', { n: 1 });
    await eventually(() => expect(seen).toEqual([1]));
    await eventually(() => expect(changes).toEqual([['a', 1]]));

    await server.kill9();
    await server.loseStore();
    await server.restart();
    await eventually(() => gateway.state() === 'connected');
    expect((await gateway.publish(counted, { n: 2 })).sequence).toBe(1);
    await eventually(() => expect(seen).toEqual([1, 2]), { timeoutMs: 10_000 });
    expect(await bucket.get('a')).toBeNull();
    expect(await unwatched.get('a')).toBeNull();
    expect(await bucket.create('b', { n: 2 })).toBe(1);
    await eventually(() => expect(changes.at(-1)).toEqual(['b', 2]));
  });

  it('a stream is created again that vanishes under a living connection', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const seen: number[] = [];
    await billing.consume(counted, CONSUMER, async ({ payload }) => void seen.push(payload.n));
    await gateway.publish(counted, { n: 1 });
    await eventually(() => expect(seen).toEqual([1]));
    await onStreams(server, (streams) => streams.delete('EVENTS'));
    expect((await gateway.publish(counted, { n: 2 })).sequence).toBe(1);
    await eventually(() => expect(seen).toEqual([1, 2]));
  });

  it('a full stream refuses events, reading continues, and publishing recovers', async () => {
    await server.stop();
    server = await startNats({ plan: { ...plan, limits: { eventBytes: 20_000 } } });
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    let stored = 0;
    const fill = async () => {
      for (; stored < 1000; stored++) await gateway.publish(counted, { n: stored });
    };
    const { code } = await timed(fill());
    expect(code).toBe('PLATFORM.UNAVAILABLE');
    const seen: number[] = [];
    await billing.consume(counted, CONSUMER, async ({ payload }) => void seen.push(payload.n));
    await eventually(() => expect(seen).toHaveLength(stored));
    await onStreams(server, (streams) => streams.purge('EVENTS'));
    await gateway.publish(counted, { n: -1 });
    await eventually(() => expect(seen.at(-1)).toBe(-1));
  });

  it('closing and draining take no time while it is away', async () => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, ({ text }) => ({ text }));
    await billing.consume(counted, CONSUMER, async () => undefined);
    await server.kill9();
    await eventually(() => billing.state() === 'disconnected');
    const start = performance.now();
    await billing.drain();
    await billing.close();
    expect(performance.now() - start).toBeLessThan(allowedMs(1500));
    expect(billing.state()).toBe('closed');
  });

  it('a new connection is made on request', async () => {
    const gateway = await connectBus(server, 'gateway');
    await gateway.reset();
    expect(gateway.state()).toBe('connected');
    expect(gateway.connectionsLost()).toBe(1);
    expect(await gateway.rtt()).toBeLessThan(allowedMs(1000));
  });

  it('the bus connects once the server is there, however late', async () => {
    await server.kill9();
    const connecting = connectBus(server, 'gateway');
    const early = await Promise.race([
      connecting,
      new Promise((resolve) => setTimeout(resolve, 400, 'waiting')),
    ]);
    expect(early).toBe('waiting');
    await server.restart();
    expect((await connecting).state()).toBe('connected');
  });
});

async function onStreams(
  server: NatsServer,
  change: (streams: JetStreamManager['streams']) => Promise<unknown>,
): Promise<void> {
  const nc = await connect({ servers: server.url });
  await change((await jetstreamManager(nc)).streams);
  await nc.close();
}
