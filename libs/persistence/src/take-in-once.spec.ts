import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openDatabase } from '../test/open-database.ts';
import type { Database } from './database/database.ts';
import { takenIn } from './inbox.ts';

describe('Database.once', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await openDatabase({ url });
    await server.query('create table balance (account text primary key, amount int not null)', [], url);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  it('ends in the state of one delivery each, however often and in whichever order events come', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 5, maxLength: 40 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 999 })),
        async (amounts, dice) => {
          const account = `a${++run}`;
          await server.query('insert into balance values ($1, 0)', [account], url);
          const events = amounts.map((amount, i) => ({ id: `evt_${run}_${i}`, amount }));
          const roll = () => dice.next().value as number;
          // 30 % are delivered twice, 30 % out of order.
          const deliveries = events
            .flatMap((event) => (roll() < 300 ? [event, event] : [event]))
            .map((event, i) => ({ event, place: roll() < 300 ? roll() / 20 : i }))
            .sort((a, b) => a.place - b.place)
            .map(({ event }) => event);
          const results = await Promise.all(
            deliveries.map((event) =>
              database.once(event, 'support_add', async (tx) => {
                await tx.manager.query('update balance set amount = amount + $1 where account = $2', [
                  event.amount,
                  account,
                ]);
              }),
            ),
          );
          const [row] = await server.query<{ amount: number }>(
            'select amount from balance where account = $1',
            [account],
            url,
          );
          expect(row?.amount).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
          expect(results.filter((result) => result === 'done')).toHaveLength(events.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('consumes an event separately for each consumer', async () => {
    const event = { id: 'evt_shared' };
    expect(await database.once(event, 'support_a', async () => undefined)).toBe('done');
    expect(await database.once(event, 'support_b', async () => undefined)).toBe('done');
    expect(await database.once(event, 'support_a', async () => undefined)).toBe('duplicate');
  });

  it('does not count an event as consumed when its work failed', async () => {
    const event = { id: 'evt_failed' };
    const failing = database.once(event, 'support_a', async () => {
      throw new Error('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    expect(await takenIn(database, 'support_a', ['evt_failed', 'evt_shared', 'evt_never'])).toEqual([
      'evt_shared',
    ]);
    expect(await database.once(event, 'support_a', async () => undefined)).toBe('done');
  });
});
