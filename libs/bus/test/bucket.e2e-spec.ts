import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Bucket } from '../src/index.ts';
import { closeAll, connectBus } from './bus-under-test.ts';

const lease = z.object({ holder: z.string(), epoch: z.number().int() });
type Lease = z.output<typeof lease>;

describe('Bucket', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterEach(async () => {
    const nc = await connect({ servers: server.url });
    await (await jetstreamManager(nc)).streams.purge('KV_healer_leases');
    await nc.close();
    await closeAll();
  });
  afterAll(() => server.stop());

  const leases = async (): Promise<Bucket<Lease>> =>
    (await connectBus(server, 'healer')).bucket('healer_leases', lease);

  it('creates a key once, also when two clients try at the same time, and again after a deletion', async () => {
    const [one, two] = await Promise.all([leases(), leases()]);
    const made = await Promise.all([
      one.create('billing', { holder: 'one', epoch: 1 }),
      two.create('billing', { holder: 'two', epoch: 1 }),
    ]);
    expect(made.filter((revision) => revision === null)).toHaveLength(1);
    expect(await one.create('billing', { holder: 'x', epoch: 2 })).toBeNull();
    expect(await one.delete('billing')).toBe(true);
    expect(await one.get('billing')).toBeNull();
    expect(await two.create('billing', { holder: 'two', epoch: 2 })).toBeGreaterThan(0);
    expect((await one.get('billing'))?.value).toEqual({ holder: 'two', epoch: 2 });
  });

  it('updates and deletes only a value that still has the revision that was read', async () => {
    const [one, two] = await Promise.all([leases(), leases()]);
    const first = (await one.create('billing', { holder: 'one', epoch: 1 })) as number;
    const second = (await two.update('billing', { holder: 'two', epoch: 2 }, first)) as number;
    expect(await one.update('billing', { holder: 'one', epoch: 3 }, first)).toBeNull();
    expect(await one.delete('billing', { revision: first })).toBe(false);
    expect(await one.get('billing')).toEqual({ value: { holder: 'two', epoch: 2 }, revision: second });
    expect(await one.delete('billing', { revision: second })).toBe(true);
  });

  it('lists keys that have a value', async () => {
    const bucket = await leases();
    expect(await bucket.keys()).toEqual([]);
    for (const key of ['a', 'b', 'server.nats']) await bucket.put(key, { holder: 'x', epoch: 1 });
    await bucket.delete('b');
    expect((await bucket.keys()).sort()).toEqual(['a', 'server.nats']);
  });

  it('sends a watcher all values and all changes, until it stops', async () => {
    const bucket = await leases();
    await bucket.put('a', { holder: 'x', epoch: 1 });
    const seen: unknown[] = [];
    const watch = bucket.watch(({ key, value }) => void seen.push([key, value?.epoch ?? null]));
    await eventually(() => expect(seen).toEqual([['a', 1]]));
    await bucket.put('a', { holder: 'x', epoch: 2 });
    await eventually(() => expect(seen).toHaveLength(2));
    await bucket.delete('a');
    await eventually(() =>
      expect(seen).toEqual([
        ['a', 1],
        ['a', 2],
        ['a', null],
      ]),
    );
    watch.stop();
    await bucket.put('a', { holder: 'x', epoch: 3 });
    expect((await bucket.get('a'))?.value.epoch).toBe(3);
    expect(seen).toHaveLength(3);
  });

  it('refuses values and keys of the wrong form', async () => {
    const bucket = await leases();
    await expect(bucket.put('a', { holder: 'x' } as Lease)).rejects.toThrow(/epoch/);
    for (const key of ['*', '>', 'a.>', 'a b', '', '.a', 'a..b']) {
      await expect(bucket.put(key, { holder: 'x', epoch: 1 })).rejects.toThrow(/not a key/);
      await expect(bucket.delete(key)).rejects.toThrow(/not a key/);
    }
    const raw = await (await connectBus(server, 'healer')).bucket('healer_leases', z.unknown());
    await raw.put('junk', 'no lease');
    await expect(bucket.get('junk')).rejects.toMatchObject({ code: 'PLATFORM.INTERNAL' });
  });
});
