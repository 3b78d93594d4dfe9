import { instanceRequest } from '@gridworks/contracts';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeAll, connectBus, counted, echo, plan } from './bus-under-test.ts';

const CONSUMER = 'billing_count-thing';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('drain', () => {
  let server: NatsServer;
  beforeEach(async () => {
    server = await startNats({ plan });
  });
  afterEach(async () => {
    await closeAll();
    await server.stop();
  });

  it('responds to the requests already taken before it is done', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    const release: (() => void)[] = [];
    await billing.serve(echo, async ({ text }) => {
      await new Promise<void>((resolve) => release.push(resolve));
      // A handler can still use other services meanwhile.
      await billing.publish({ ...counted, owner: 'billing' }, { n: 1 });
      return { text };
    });
    const pending = Array.from({ length: 10 }, (_, i) => gateway.request(echo, { text: `${i}` }));
    await eventually(() => expect(release).toHaveLength(10));
    let drained = false;
    const draining = billing.drain().then(async () => {
      drained = true;
      await billing.close();
    });
    await gateway.rtt();
    expect(drained).toBe(false);
    expect(billing.inFlight()).toBe(10);
    for (const resolve of release) resolve();
    expect(await Promise.all(pending)).toEqual(Array.from({ length: 10 }, (_, i) => ({ text: `${i}` })));
    await draining;
  });

  it('loses no request while one of two instances stops and another starts', async () => {
    const gateway = await connectBus(server, 'gateway');
    const start = async (instance: string) => {
      const bus = await connectBus(server, 'billing', { instance });
      await bus.serve(echo, async ({ text }) => {
        await pause(Math.random() * 5);
        return { text: `${instance} ${text}` };
      });
      return bus;
    };
    let leaving = await start('billing');
    let staying = await start('billing-2');
    let over = false;
    let responded = 0;
    const failures: unknown[] = [];
    const by = new Set<string>();
    const callers = Array.from({ length: 30 }, async () => {
      while (!over) {
        await gateway.request(echo, { text: 'x' }).then(
          ({ text }) => {
            responded++;
            by.add(text);
          },
          (error) => void failures.push(error),
        );
      }
    });
    for (let round = 3; round < 8; round++) {
      const before = responded;
      await eventually(() => responded > before + 200);
      await leaving.drain();
      await leaving.close();
      leaving = staying;
      staying = await start(`billing-${round}`);
    }
    over = true;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    expect(by.size).toBeGreaterThan(4);
  });

  it('settles the events it has, and leaves the others to another instance at once', async () => {
    const gateway = await connectBus(server, 'gateway');
    const first = await connectBus(server, 'billing');
    const second = await connectBus(server, 'billing', { instance: 'billing-2' });
    const handled: number[] = [];
    let taken = 0;
    await first.consume(counted, CONSUMER, async ({ payload }) => {
      taken++;
      await pause(50);
      handled.push(payload.n);
    });
    const publishing = Promise.all(Array.from({ length: 500 }, (_, n) => gateway.publish(counted, { n })));
    await eventually(() => handled.length > 50);
    await first.drain();
    expect(handled).toHaveLength(taken);
    await first.close();
    await publishing;
    await second.consume(counted, CONSUMER, async ({ payload }) => void handled.push(payload.n));
    await eventually(() => expect(new Set(handled).size).toBe(500), { timeoutMs: 10_000 });
    expect(handled).toHaveLength(500);
  });

  it('serves control requests until it is closed', async () => {
    const healer = await connectBus(server, 'healer');
    const billing = await connectBus(server, 'billing');
    const ping = instanceRequest('billing', 'ping', 'billing');
    const drain = instanceRequest('billing', 'drain', 'billing');
    await billing.serve(ping, () => ({ instance: 'billing', boot_id: 'b', state: 'ready' }), {
      shared: false,
    });
    await billing.serve(
      drain,
      async () => {
        await billing.drain();
        return { instance: 'billing', draining: true };
      },
      { shared: false },
    );
    expect(await healer.request(drain, {})).toMatchObject({ draining: true });
    expect(await healer.request(ping, {})).toMatchObject({ instance: 'billing' });
    await billing.close();
    // Until the server has seen the end of the connection, it still sends requests to this instance.
    await eventually(() =>
      expect(healer.request(ping, {}, { deadlineMs: 300 })).rejects.toMatchObject({
        code: 'PLATFORM.UNAVAILABLE',
      }),
    );
  });

  it.each(['billing.*', '*', '>', 'billing.>', 'a b', ''])(
    'lets no wildcard or space into the subject: %j',
    (instance) => {
      expect(() => instanceRequest('billing', 'ping', instance)).toThrow();
    },
  );
});
