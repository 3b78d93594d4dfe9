import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ticketOpened } from '@gridworks/contracts';
import { type KeyedCall, runInContext } from '@gridworks/observability';
import { allowedMs, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countRows, openDatabase, outcome } from '../../test/open-database.ts';
import type { Database } from './database.ts';

const ticket = { ticket_id: `tic_${'0'.repeat(22)}`, partner_id: `par_${'0'.repeat(22)}`, priority: 'low' };

describe('Database.idempotent', () => {
  let server: PostgresServer;
  let url: string;
  /** Two databases, as in two processes of one service. */
  let databases: Database[];
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    databases = [await openDatabase({ url, poolSize: 3 }), await openDatabase({ url, poolSize: 3 })];
    await server.query('create table charges (id serial primary key, amount int)', [], url);
  });
  beforeEach(() => server.query('truncate charges, outbox, idempotency_keys', [], url));
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server.stop();
  });
  const charges = () => countRows(server, url, 'charges');

  function charge(database: Database | undefined, key: string, amount = 5, holdMs = 0) {
    const request = { amount, currency: 'EUR' };
    return (database as Database).idempotent({ scope: 'par_1:charge', key, request }, async (tx) => {
      const [row] = await tx.manager.query('insert into charges (amount) values ($1) returning id', [amount]);
      tx.emit(ticketOpened, ticket);
      if (holdMs) await sleep(holdMs);
      return { id: row.id as number, at: new Date(0), nothing: undefined };
    });
  }

  it('has one effect for fifty calls at once from two processes, and one response', async () => {
    const calls = Array.from({ length: 50 }, (_, i) => outcome(charge(databases[i % 2], 'k1', 5, 100)));
    const results = await Promise.all(calls);
    expect(await charges()).toBe(1);
    expect(await countRows(server, url, 'outbox')).toBe(1);
    const responses = results.filter(({ error }) => !error).map(({ value }) => JSON.stringify(value));
    expect(responses.length).toBeGreaterThan(0);
    expect(new Set(responses).size).toBe(1);
    for (const { error } of results)
      if (error) expect(error).toMatchObject({ code: 'PLATFORM.IDEMPOTENCY_KEY_IN_FLIGHT' });
  });

  it('does not let many calls with one key take the whole pool', async () => {
    const calls = Array.from({ length: 20 }, () => charge(databases[0], 'k1', 5, 800));
    await sleep(50);
    const { error, ms } = await outcome(databases[0]?.read((m) => m.query('select 1')) ?? Promise.reject());
    expect(error).toBeUndefined();
    expect(ms).toBeLessThan(allowedMs(300));
    expect(new Set((await Promise.all(calls)).map(({ id }) => id)).size).toBe(1);
  });

  it('returns the same response later, in the same form', async () => {
    const first = await charge(databases[0], 'k1');
    const second = await charge(databases[1], 'k1');
    expect(second).toEqual(first);
    expect(first).toEqual({ id: expect.any(Number), at: '1970-01-01T00:00:00.000Z' });
    expect(await charges()).toBe(1);
  });

  it('ignores the order of members', async () => {
    const call = (request: unknown) =>
      databases[0]?.idempotent({ scope: 's', key: 'k', request }, async () => Math.random());
    const first = await call({ a: 1, b: { c: [1, 2], d: null } });
    expect(await call({ b: { d: null, c: [1, 2] }, a: 1 })).toBe(first);
    await expect(call({ a: 1, b: { c: [2, 1], d: null } })).rejects.toMatchObject({
      code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('refuses another request under the same key, at once and later, but not in another scope', async () => {
    const running = charge(databases[0], 'k1', 5, 100);
    const reused = { code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED', kind: 'unprocessable' };
    await expect(charge(databases[0], 'k1', 6)).rejects.toMatchObject(reused);
    await running;
    await expect(charge(databases[1], 'k1', 6)).rejects.toMatchObject(reused);
    const other = await databases[0]?.idempotent(
      { scope: 'par_2:charge', key: 'k1', request: 6 },
      async () => 'ok',
    );
    expect(other).toBe('ok');
    expect(await charges()).toBe(1);
  });

  it('is in flight when another process takes longer than the lock timeout', async () => {
    const slow = charge(databases[0], 'k1', 5, 1600);
    await sleep(50);
    const { error, ms } = await outcome(charge(databases[1], 'k1'));
    expect(error).toMatchObject({ code: 'PLATFORM.IDEMPOTENCY_KEY_IN_FLIGHT', retryable: true });
    expect(ms).toBeLessThan(allowedMs(1500));
    const result = await slow;
    expect(await charge(databases[1], 'k1')).toEqual(result);
  });

  it('stores nothing of a failed call, so that the call may be repeated', async () => {
    const call = { scope: 's', key: 'k', request: 1 };
    const failing = databases[0]?.idempotent(call, async (tx) => {
      await tx.manager.query('insert into charges (amount) values (1)');
      throw new Error('no money');
    });
    await expect(failing).rejects.toThrow('no money');
    expect(await charges()).toBe(0);
    expect(await databases[1]?.idempotent(call, async () => 'now')).toBe('now');
  });

  it('stores neither the key nor the request nor the response in a readable form', async () => {
    const secret = { scope: 'par_1 register', key: 'a-key-to-guess', request: { password: 'correct horse' } };
    const result = { api_key: 'pp_live_of_nobody' };
    expect(await databases[0]?.idempotent(secret, async () => result)).toEqual(result);
    const [row] = await server.query<Record<string, unknown>>('select * from idempotency_keys', [], url);
    const stored = JSON.stringify(row);
    for (const text of ['a-key-to-guess', 'correct horse', 'pp_live_of_nobody']) {
      expect(stored).not.toContain(text);
      expect(stored).not.toContain(Buffer.from(text).toString('base64').slice(0, 12));
      // Nor as the digest of a text that can be guessed.
      expect(stored).not.toContain(createHash('sha256').update(JSON.stringify(secret.request)).digest('hex'));
    }
    expect(await databases[1]?.idempotent(secret, async () => 'again')).toEqual(result);
  });
});

describe('a transaction in the handler of a call with a key', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await openDatabase({ url, poolSize: 3 });
    await server.query('create table charges (id serial primary key, amount int)', [], url);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  /** Runs a handler as the bus does. */
  function handle<T>(key: string, handler: () => Promise<T>, request: unknown = {}) {
    const keyed: KeyedCall = { scope: 'par_1 rpc.support.charge.create', key, request, kept: undefined };
    const context = {
      requestId: 'req',
      traceparent: undefined,
      deadlineAt: undefined,
      principal: undefined,
      keyed,
    };
    return runInContext(context, handler).then((result) => ({ result, keyed }));
  }
  const charge = () =>
    database.transaction(async (tx) => {
      const [row] = await tx.manager.query('insert into charges (amount) values (1) returning id');
      return { id: row.id as number, at: new Date(0) };
    });

  it('is made once, and returns the stored result', async () => {
    const first = await handle('k1', charge);
    const second = await handle('k1', charge);
    expect(await countRows(server, url, 'charges')).toBe(1);
    expect(first.result).toEqual({ id: expect.any(Number), at: '1970-01-01T00:00:00.000Z' });
    expect(second.result).toEqual(first.result);
    expect(second.keyed.kept).toBe(JSON.stringify(first.result));
    await expect(handle('k1', charge, { other: true })).rejects.toMatchObject({
      code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('is the only one: a repeat would make a second one again', async () => {
    const before = await countRows(server, url, 'charges');
    const twice = handle('k2', async () => {
      await charge();
      return charge();
    });
    await expect(twice).rejects.toThrow('has one transaction');
    expect(await countRows(server, url, 'charges')).toBe(before + 1);
  });

  it('is an ordinary one for a call without a key', async () => {
    const [first, second] = [await charge(), await charge()];
    expect(second.id).not.toBe(first.id);
    expect(second.at).toBeInstanceOf(Date);
  });
});
