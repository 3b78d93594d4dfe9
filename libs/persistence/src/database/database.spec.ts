import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { AppError, ticketOpened } from '@gridworks/contracts';
import { allowedMs, eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countRows, openDatabase, outcome } from '../../test/open-database.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

const ticket = { ticket_id: `tic_${'0'.repeat(22)}`, partner_id: `par_${'0'.repeat(22)}`, priority: 'low' };

describe('Database', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await openDatabase({ url, poolSize: 3 });
    await server.query('create table notes (id int primary key, n int not null default 0)', [], url);
  });
  beforeEach(() => server.query('truncate notes, outbox, inbox', [], url));
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  const count = (table: string) => countRows(server, url, table);

  it('says how many connections are lent, and how many callers wait for one', async () => {
    const release = Promise.withResolvers<void>();
    const working = Array.from({ length: 4 }, () =>
      database.transaction(async (tx) => {
        await tx.manager.query('select 1');
        await release.promise;
      }),
    );
    await eventually(() => expect(database.pool()).toMatchObject({ in_use: 3, waiting: 1, max: 3 }));
    release.resolve();
    await Promise.all(working);
    await eventually(() => expect(database.pool()).toMatchObject({ in_use: 0, waiting: 0 }));
  });

  describe('a transaction', () => {
    it('commits a change and its event together', async () => {
      await database.transaction(async (tx) => {
        await tx.manager.query(`insert into notes values (1)`);
        tx.emit(ticketOpened, ticket, { partnerId: ticket.partner_id });
      });
      expect(await server.query('select subject, status, event from outbox', [], url)).toMatchObject([
        {
          subject: 'event.support.ticket.opened',
          status: 'pending',
          event: {
            specversion: '1.0',
            source: '/support/support',
            partnerid: ticket.partner_id,
            data: ticket,
          },
        },
      ]);
    });

    it('commits neither when the event is too large for the bus', async () => {
      const work = database.transaction(async (tx) => {
        await tx.manager.query(`insert into notes values (1)`);
        tx.emit(ticketOpened, { ...ticket, priority: '€'.repeat(350_000) });
      });
      await expect(work).rejects.toMatchObject({
        code: 'PLATFORM.INTERNAL',
        message: expect.stringMatching(
          /^An event event\.support\.ticket\.opened of 105\d{4} bytes is too large/,
        ),
      });
      expect([await count('notes'), await count('outbox')]).toEqual([0, 0]);
    });

    it('commits neither when the work throws', async () => {
      const error = new Error('changed my mind');
      const work = database.transaction(async (tx) => {
        await tx.manager.query(`insert into notes values (1)`);
        tx.emit(ticketOpened, ticket);
        throw error;
      });
      await expect(work).rejects.toBe(error);
      expect(await count('notes')).toBe(0);
      expect(await count('outbox')).toBe(0);
    });

    it('refuses an event that does not fit the contract', async () => {
      const work = database.transaction(async (tx) => {
        await tx.manager.query(`insert into notes values (1)`);
        tx.emit(ticketOpened, { ...ticket, ticket_id: 'tic.*' });
      });
      await expect(work).rejects.toMatchObject({ code: 'PLATFORM.INTERNAL' });
      expect(await count('notes')).toBe(0);
    });

    it('throws the errors of statements unchanged', async () => {
      await database.transaction((tx) => tx.manager.query('insert into notes values (1)'));
      const { error } = await outcome(
        database.transaction((tx) => tx.manager.query('insert into notes values (1)')),
      );
      expect(error).not.toBeInstanceOf(AppError);
      expect(error).toMatchObject({ driverError: { code: '23505' } });
    });

    it('plans a prepared statement once for a connection', async () => {
      const sql = 'insert into notes values ($1) returning id';
      await database.transaction(async (tx) => {
        expect(await tx.prepared(sql, [1])).toEqual([{ id: 1 }]);
        expect(await tx.prepared(sql, [2])).toEqual([{ id: 2 }]);
        const prepared = await tx.manager.query('select statement from pg_prepared_statements');
        expect(prepared).toEqual([{ statement: sql }]);
      });
      expect(await count('notes')).toBe(2);
    });

    it('undoes it for a prepared statement that fails, and after it when the error is ignored', async () => {
      const twice = (tx: Transaction) => tx.prepared('insert into notes values ($1)', [1]);
      const failing = database.transaction(async (tx) => [await twice(tx), await twice(tx)]);
      await expect(failing).rejects.toMatchObject({ code: '23505' });
      const ignoring = database.transaction(async (tx) => {
        await twice(tx);
        await twice(tx).catch(() => undefined);
        await twice(tx);
      });
      await expect(ignoring).rejects.toMatchObject({ code: 'PERSISTENCE.TRANSACTION_ABORTED' });
      expect(await count('notes')).toBe(0);
    });

    it('fails when an ignored error has undone the transaction', async () => {
      const work = database.transaction(async (tx) => {
        await tx.manager.query('insert into notes values (1)');
        await tx.manager.query('select 1 / 0').catch(() => undefined);
        return 'done';
      });
      await expect(work).rejects.toMatchObject({ code: 'PERSISTENCE.TRANSACTION_ABORTED' });
      expect(await count('notes')).toBe(0);
    });

    it('fails then, too, when there was an event to store', async () => {
      const work = database.transaction(async (tx) => {
        await tx.manager.query('select 1 / 0').catch(() => undefined);
        tx.emit(ticketOpened, ticket);
      });
      await expect(work).rejects.toMatchObject({ code: 'PERSISTENCE.TRANSACTION_ABORTED' });
    });

    it('waits about a second for a lock, repeats once, and does not wait for ever', async () => {
      await server.query('insert into notes values (1)', [], url);
      const release = Promise.withResolvers<void>();
      const locked = Promise.withResolvers<void>();
      const holder = database.transaction(async (tx) => {
        await tx.manager.query('update notes set n = 1');
        locked.resolve();
        await release.promise;
      });
      await locked.promise;
      const { error, ms } = await outcome(
        database.transaction((tx) => tx.manager.query('update notes set n = 2')),
      );
      release.resolve();
      await holder;
      expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 });
      expect(ms).toBeGreaterThan(1000);
      expect(ms).toBeLessThan(allowedMs(3500));
    });
  });

  describe('a query outside of the open transaction', () => {
    it('is refused with a clear error, where it would block the pool for ever', async () => {
      const misuse = () =>
        database.transaction(async () => {
          await sleep(20); // until all three hold a connection of the pool of three
          return database.read((manager) => manager.query('select 1'));
        });
      const results = await Promise.all([misuse(), misuse(), misuse()].map(outcome));
      for (const { error, ms } of results) {
        expect(error).toMatchObject({ code: 'PERSISTENCE.OUTSIDE_TRANSACTION' });
        expect((error as Error).message).toContain('tx.manager');
        expect(ms).toBeLessThan(allowedMs(500));
      }
    });

    it('is refused in a second transaction, in once() and in idempotent()', async () => {
      const inside = (misuse: () => Promise<unknown>) => expect(database.transaction(misuse)).rejects;
      const expected = { code: 'PERSISTENCE.OUTSIDE_TRANSACTION' };
      await inside(() => database.transaction(async () => undefined)).toMatchObject(expected);
      await inside(() => database.once({ id: 'evt_1' }, 'support_x', async () => undefined)).toMatchObject(
        expected,
      );
      await inside(() =>
        database.idempotent({ scope: 's', key: 'k', request: 1 }, async () => 1),
      ).toMatchObject(expected);
    });

    it('is allowed once the transaction has ended, also in work that it started', async () => {
      let later: Promise<unknown> | undefined;
      await database.transaction(async () => {
        later = sleep(30).then(() => database.read((manager) => manager.query('select 1 as n')));
      });
      expect(await later).toEqual([{ n: 1 }]);
    });

    it('that the work did not await does not run after the rollback', async () => {
      let straggler: Promise<unknown> | undefined;
      const work = database.transaction(async (tx) => {
        // Runs while ROLLBACK is on its way: after it on the same connection, and outside of any transaction.
        straggler = immediate().then(() => tx.manager.query('insert into notes values (1)'));
        straggler.catch(() => undefined);
        throw new Error('rolled back');
      });
      await expect(work).rejects.toThrow('rolled back');
      await expect(straggler).rejects.toMatchObject({ code: 'PERSISTENCE.OUTSIDE_TRANSACTION' });
      expect(await count('notes')).toBe(0);
    });
  });
});
