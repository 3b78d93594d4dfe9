import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, NOT_FOUND, ticketOpened } from '@gridworks/contracts';
import { createLogger, runInContext } from '@gridworks/observability';
import { ErrorReporter, type HealingEnvironment, type HealingRecord, healingOf } from '@gridworks/resilience';
import {
  allowedMs,
  eventually,
  type PostgresServer,
  recordHealing,
  startPostgres,
  type TcpProxy,
  tcpProxy,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countRows, openDatabase, outcome } from '../../test/open-database.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

const ticket = { ticket_id: `tic_${'0'.repeat(22)}`, partner_id: `par_${'0'.repeat(22)}`, priority: 'low' };

describe('a healed transaction', () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  let direct: string;
  let database: Database;
  let healing: HealingEnvironment;
  let records: HealingRecord[];
  beforeAll(async () => {
    server = await startPostgres();
    proxy = await tcpProxy({ target: server.port });
    direct = await server.createServiceDatabase('support');
    await (await openDatabase({ url: direct })).close();
    await server.query('create table notes (id int, n int not null default 0 check (n >= 0))', [], direct);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(async () => {
    await server.query('truncate notes, outbox', [], direct);
    ({ healing, records } = recordHealing());
    database = await openDatabase({ url: proxy.through(direct), poolSize: 4, healing });
  });
  afterEach(async () => {
    proxy.heal();
    await database.close();
  });
  const rows = () => countRows(server, direct, 'notes');
  const insert = (tx: Transaction) => tx.manager.query('insert into notes values (1)');
  const backendOf = async ({ manager }: Pick<Transaction, 'manager'>): Promise<number> =>
    (await manager.query('select pg_backend_pid() as pid'))[0].pid;
  const terminate = (pid: number) => server.query('select pg_terminate_backend($1)', [pid]);
  const breaker = () => healing.breakers.get('postgres');
  const within = <T>(ms: number, fn: () => Promise<T>) =>
    runInContext(
      {
        requestId: 'req_1',
        traceparent: undefined,
        deadlineAt: Date.now() + ms,
        principal: undefined,
      },
      () => outcome(fn()),
    );

  describe('a transaction', () => {
    it('is repeated when it was the victim of a deadlock', async () => {
      await server.query('insert into notes values (1), (2)', [], direct);
      const bothHaveOne = Promise.withResolvers<void>();
      let started = 0;
      const both = (first: number, second: number) =>
        within(8000, () =>
          database.transaction(async (tx) => {
            await tx.manager.query('update notes set n = n + 1 where id = $1', [first]);
            if (++started === 2) bothHaveOne.resolve();
            await bothHaveOne.promise;
            await tx.manager.query('update notes set n = n + 1 where id = $1', [second]);
          }),
        );
      const ends = await Promise.all([both(1, 2), both(2, 1)]);
      expect(ends.map(({ error }) => error)).toEqual([undefined, undefined]);
      expect(await server.query('select n from notes order by id', [], direct)).toEqual([{ n: 2 }, { n: 2 }]);
      expect(records).toMatchObject([
        {
          source: 'support.postgres.transaction',
          decision: { kind: 'deadlock', decidedBy: 'rule' },
          healedBy: 'ROLLBACK_TRANSACTION',
        },
      ]);
    });

    it('is repeated as a whole when two change the same rows', async () => {
      await server.query('insert into notes values (1)', [], direct);
      let runs = 0;
      let reads = 0;
      const bothRead = Promise.withResolvers<void>();
      const addOne = () =>
        database.transaction(
          async (tx) => {
            runs++;
            const [row] = await tx.manager.query('select n from notes where id = 1');
            if (++reads === 2) bothRead.resolve();
            await bothRead.promise;
            await tx.manager.query('update notes set n = $1 where id = 1', [row.n + 1]);
            tx.emit(ticketOpened, ticket);
          },
          { isolation: 'SERIALIZABLE' },
        );
      await Promise.all([addOne(), addOne()]);
      expect(runs).toBeGreaterThan(2);
      expect(await server.query('select n from notes', [], direct)).toEqual([{ n: 2 }]);
      expect(await countRows(server, direct, 'outbox')).toBe(2);
      expect(records[0]).toMatchObject({
        decision: { kind: 'serialization_conflict' },
        healedBy: 'ROLLBACK_TRANSACTION',
      });
    });

    it('is repeated when its connection was cut before COMMIT, and committed once', async () => {
      let runs = 0;
      await database.transaction(async (tx) => {
        runs++;
        await insert(tx);
        tx.emit(ticketOpened, ticket);
        if (runs === 1) await terminate(await backendOf(tx));
        await tx.manager.query('update notes set n = n + 1');
      });
      expect(runs).toBe(2);
      expect(await server.query('select * from notes', [], direct)).toEqual([{ id: 1, n: 1 }]);
      expect(await countRows(server, direct, 'outbox')).toBe(1);
      expect(records).toMatchObject([
        { decision: { kind: 'connection_lost' }, healedBy: 'RESET_CONNECTION' },
      ]);
    });

    it.each([
      ['its answer', () => proxy.limit(1), 1],
      ['COMMIT itself', () => proxy.blackhole(true), 0],
    ])('is never repeated when %s is lost, even when a pattern says so', async (_what, lose, kept) => {
      healing.patterns = { lookup: () => ({ strategy: 'ROLLBACK_TRANSACTION', origin: 'learned' }) };
      let runs = 0;
      const work = database.transaction(async (tx) => {
        runs++;
        await insert(tx);
        lose();
      });
      await expect(work).rejects.toMatchObject({ code: 'PLATFORM.DEADLINE_EXCEEDED' });
      expect(runs).toBe(1);
      expect(await rows()).toBe(kept);
      expect(records).toMatchObject([{ decision: { strategy: 'ROLLBACK_TRANSACTION' }, healedBy: null }]);
    });

    it('reports an unknown outcome when COMMIT of the repeat is lost', async () => {
      let runs = 0;
      const work = database.transaction(async (tx) => {
        await insert(tx);
        if (++runs === 1) await terminate(await backendOf(tx));
        await insert(tx);
        proxy.limit(1);
      });
      await expect(work).rejects.toMatchObject({ code: 'PLATFORM.DEADLINE_EXCEEDED' });
      expect(runs).toBe(2);
      expect(await rows()).toBe(2);
    });

    it('is repeated under its key when COMMIT was lost, and returns the result', async () => {
      await server.query(
        `create sequence cuts;
         create function cut() returns trigger language plpgsql as $$ begin
           if nextval('cuts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
           return null;
         end $$;
         create constraint trigger cut after insert on notes deferrable initially deferred
           for each row execute function cut()`,
        [],
        direct,
      );
      try {
        let runs = 0;
        const call = { scope: 'par_1:note', key: 'k1', request: 1 };
        const response = await database.idempotent(call, async (tx) => {
          await insert(tx);
          return ++runs;
        });
        expect([response, await rows()]).toEqual([2, 1]);
        expect(records).toMatchObject([
          { decision: { kind: 'connection_lost' }, healedBy: 'RESET_CONNECTION' },
        ]);
      } finally {
        await server.query('drop function cut cascade; drop sequence cuts', [], direct);
      }
    });

    it('finds an event consumed when its COMMIT was done and never confirmed', async () => {
      let runs = 0;
      const taken = database.once({ id: 'evt_1' }, 'support_note', async (tx) => {
        runs++;
        await insert(tx);
        proxy.limit(1);
      });
      await eventually(() => expect(database.connectionsLost()).toBe(1), { everyMs: 5 });
      proxy.heal();
      expect(await taken).toBe('done');
      expect([runs, await rows()]).toEqual([1, 1]);
      expect(await database.once({ id: 'evt_1' }, 'support_note', insert)).toBe('duplicate');
    });

    it('waits for the repeat to commit, so that no committed change is reported as undone', async () => {
      let runs = 0;
      const { error, value } = await within(700, () =>
        database.transaction(async (tx) => {
          await insert(tx);
          if (++runs === 1) await terminate(await backendOf(tx));
          await insert(tx);
          proxy.latency(400); // COMMIT ends after the deadline
          return runs;
        }),
      );
      expect(error).toBeUndefined();
      expect(value).toBe(2);
      expect(await rows()).toBe(2);
    });

    it('reports a timeout when it was cut at the deadline, and is not repeated', async () => {
      const { error, ms } = await within(600, () =>
        database.transaction((tx) => tx.manager.query('select pg_sleep(2)')),
      );
      expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
      expect(ms).toBeLessThan(allowedMs(600));
      expect(records).toMatchObject([{ decision: { kind: 'timeout' }, healedBy: null }]);
      expect(database.connectionsLost()).toBe(0);
    });

    it('passes a business error on, without a report', async () => {
      let runs = 0;
      const error = new AppError(NOT_FOUND);
      const work = database.transaction(async (tx) => {
        runs++;
        await insert(tx);
        throw error;
      });
      await expect(work).rejects.toBe(error);
      expect([runs, await rows(), records]).toEqual([1, 0, []]);
    });

    it.each([
      [
        'an undefined table',
        (tx: Transaction) => tx.manager.query('select * from nowhere'),
        'schema_mismatch',
      ],
      [
        'a violated constraint',
        (tx: Transaction) => tx.manager.query('insert into notes values (1, -1)'),
        'constraint_violation',
      ],
      ['a bug in the work', async () => (undefined as unknown as string).length, 'programming_bug'],
    ])('escalates %s, and does not repeat it', async (_what, work, kind) => {
      let runs = 0;
      const { error } = await outcome(
        database.transaction((tx): Promise<unknown> => {
          runs++;
          return work(tx);
        }),
      );
      expect(runs).toBe(1);
      expect(records).toMatchObject([
        { decision: { kind, strategy: 'ESCALATE' }, steps: [], healedBy: null },
      ]);
      expect(healingOf(error)).toBe(records[0]);
    });

    it.each([
      ['a row that is refused', 'insert into notes (id, n) values ($1, -1)', [94_807_351]],
      ['text in place of a number', 'select $1::int', ['Elm "Street" 94807351, Springfield']],
      ['broken JSON', 'select $1::jsonb', ['{"street": "Elm 94807351",']],
    ])('reports no values of %s', async (_what, sql, values) => {
      const reported: unknown[] = [];
      const reporter = new ErrorReporter({ sink: async (batch) => void reported.push(...batch) });
      healing.reporter = reporter;
      const { error } = await outcome(database.transaction((tx) => tx.manager.query(sql, values)));
      await reporter.flush();
      expect(reported).toHaveLength(1);
      let logged = '';
      const destination = {
        write(line: string) {
          logged += line;
        },
      };
      createLogger({ service: 'support', instance: 'support', destination }).log('postgres.connect_failed', {
        error,
      });
      expect(logged).toContain('QueryFailedError');
      expect(logged + JSON.stringify(reported)).not.toMatch(/94807351|Elm|Street|Springfield/);
    });

    it('is not refused, however many others are too slow for a server that responds', async () => {
      for (let i = 0; i < 30; i++) {
        const { error } = await outcome(
          database.transaction(async (tx) => {
            await tx.manager.query('set local statement_timeout = 5');
            await tx.manager.query('select pg_sleep(2)');
          }),
        );
        expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
      }
      expect(breaker()?.toJSON().opened_total).toBe(0);
      await database.transaction(insert);
    });

    it('is not refused, however many others fail by a bug', async () => {
      for (let i = 0; i < 30; i++)
        await outcome(database.transaction(() => Promise.reject(new Error(`nobody knows ${i}`))));
      await database.transaction(insert);
      expect(breaker()).toMatchObject({ closed: true });
      expect(breaker()?.toJSON()).toMatchObject({ opened_total: 0 });
      expect(records).toHaveLength(30);
    });
  });

  describe('a read', () => {
    it('is repeated when all connections were terminated', async () => {
      const busy = Array.from({ length: 4 }, () =>
        database.read((manager) => manager.query('select pg_sleep(2), 7 as n')),
      );
      await eventually(async () => {
        const ended = await server.query(
          `with busy as (select pid from pg_stat_activity where application_name = 'support' and state = 'active' and query like '%pg_sleep%')
           select pg_terminate_backend(pid) from busy where (select count(*) from busy) = 4`,
        );
        expect(ended).toHaveLength(4);
      });
      for (const [row] of await Promise.all(busy)) expect(row.n).toBe(7);
      expect(records).toHaveLength(4);
      for (const record of records)
        expect(record).toMatchObject({
          source: 'support.postgres.read',
          decision: { kind: 'connection_lost' },
          healedBy: 'RESET_CONNECTION',
        });
    });

    it('escalates a bug', async () => {
      await outcome(database.read((manager) => manager.query('select * from nowhere')));
      expect(records).toMatchObject([{ decision: { strategy: 'ESCALATE' }, healedBy: null }]);
    });
  });

  describe('while the server is dead', () => {
    it('does not report every refused call, and serves the first one after it is back', async () => {
      let going = true;
      const failures: unknown[] = [];
      const goodAt: number[] = [];
      const client = async () => {
        while (going) {
          const { error } = await outcome(database.transaction(insert));
          if (error) failures.push(error);
          else goodAt.push(performance.now());
          await sleep(2);
        }
      };
      const clients = Promise.all(Array.from({ length: 8 }, client));
      await eventually(() => goodAt.length > 20);
      await server.kill9();
      await eventually(() => failures.length > 500);
      const caught = records.length;
      await server.restart();
      const restarted = performance.now();
      await eventually(() => goodAt.some((at) => at > restarted));
      const first = goodAt.find((at) => at > restarted) ?? Number.POSITIVE_INFINITY;
      await eventually(() => goodAt.filter((at) => at > restarted).length > 20);
      going = false;
      await clients;
      expect(caught).toBeLessThan(20);
      // The watch checks every 100 ms.
      expect(first - restarted).toBeLessThan(allowedMs(400));
      expect(breaker()?.closed).toBe(true);
      for (const error of failures)
        expect(['PLATFORM.UNAVAILABLE', 'PLATFORM.DEADLINE_EXCEEDED']).toContain((error as AppError).code);
    });

    it('repeats calls that were under way, when it is back within a second', async () => {
      let runs = 0;
      let restarted: Promise<void> | undefined;
      await database.transaction(async (tx) => {
        runs++;
        await insert(tx);
        if (runs === 1) {
          await server.kill9();
          restarted = server.restart();
        }
        await insert(tx);
      });
      await restarted;
      expect(runs).toBe(2);
      expect(await rows()).toBe(2);
      expect(records).toMatchObject([{ healedBy: 'RESET_CONNECTION' }]);
    });

    it('opens the breaker by the calls under way, and closes it with the first response', async () => {
      const transitions: string[] = [];
      healing.breakers.onTransition(({ to }) => transitions.push(to));
      const cutAll = Promise.withResolvers<void>();
      let begun = 0;
      const calls = Array.from({ length: 4 }, () =>
        outcome(
          database.transaction(async (tx) => {
            await insert(tx);
            if (++begun === 4) cutAll.resolve();
            await cutAll.promise;
            proxy.refuse(true);
            proxy.cut();
            await insert(tx);
          }),
        ),
      );
      for (const { error } of await Promise.all(calls))
        expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 });
      expect(transitions).toEqual(['open']);
      proxy.heal();
      const healed = performance.now();
      await eventually(() => database.transaction(insert), { everyMs: 10 });
      expect(performance.now() - healed).toBeLessThan(allowedMs(500));
      expect(transitions).toEqual(['open', 'half-open', 'closed']);
    });
  });

  describe('on a server that refuses writes', () => {
    const readOnly = (on: boolean) =>
      server.query(`alter role support set default_transaction_read_only = ${on ? 'on' : 'off'}`);
    beforeEach(async () => {
      await readOnly(true);
      await database.reset(); // sessions of the role keep their original setting
    });
    afterEach(() => readOnly(false));

    it('finds its successor by new connections, and cuts no call off', async () => {
      const other = database.read((manager) => manager.query('select pg_sleep(0.3), 7 as n'));
      await eventually(() =>
        expect(database.transaction(async (tx) => backendOf(tx))).resolves.toBeDefined(),
      );
      await readOnly(false);
      await database.transaction(insert);
      expect(await rows()).toBe(1);
      expect((await other)[0].n).toBe(7);
      expect(records).toMatchObject([
        { decision: { kind: 'read_only_failover' }, healedBy: 'RESET_CONNECTION' },
      ]);
      expect(database.connectionsLost()).toBe(0);
    });

    it('still serves reads while there is none, and writes when there is one', async () => {
      for (let i = 0; i < 30; i++) {
        const { error } = await outcome(database.transaction(insert));
        expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
      }
      await database.read((manager) => manager.query('select 1'));
      expect(breaker()?.toJSON().opened_total).toBe(0);
      await readOnly(false);
      await eventually(() => database.transaction(insert), { timeoutMs: 3000 });
    });
  });

  it('is reported as unavailable while an operator holds the breaker open', async () => {
    await database.transaction(insert);
    breaker()?.force('open', 'maintenance');
    await expect(database.transaction(insert)).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
      retryAfterMs: 1000,
    });
    await database.check();
    await expect(database.read((m) => m.query('select 1'))).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
    });
    breaker()?.force('auto', 'over');
    await database.transaction(insert);
  });
});
