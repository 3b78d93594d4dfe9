import { ticketOpened } from '@gridworks/contracts';
import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { Database, type DatabaseOptions } from './database.ts';
import { CreateMessagingTables1000000000001 } from './migrations/create-messaging-tables.ts';

const logger = pino({ level: 'silent' });
const ticket = { ticket_id: `tic_${'0'.repeat(22)}`, partner_id: `par_${'0'.repeat(22)}`, priority: 'low' };

describe('Database', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  const open = async (options: Partial<DatabaseOptions> = {}) => {
    const opened = new Database({
      url,
      schema: 'support',
      applicationName: 'support',
      migrations: [CreateMessagingTables1000000000001],
      logger,
      ...options,
    });
    opened.start();
    await opened.whenReady();
    return opened;
  };
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await open();
    await server.query('create table notes (id int primary key, text text)', [], url);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  const count = async (table: string) =>
    Number((await server.query<{ n: string }>(`select count(*) as n from ${table}`, [], url))[0]?.n);

  it('keeps a change and its event together', async () => {
    await database.transaction(async (tx) => {
      await tx.manager.query(`insert into notes values (1, 'kept')`);
      tx.emit(ticketOpened, ticket, { partnerId: ticket.partner_id });
    });
    const [row] = await server.query<{ event: object }>('select * from outbox', [], url);
    expect(row).toMatchObject({
      subject: 'event.support.ticket.opened',
      status: 'pending',
      event: {
        specversion: '1.0',
        source: '/support/support',
        type: 'event.support.ticket.opened',
        data: ticket,
      },
    });

    await expect(
      database.transaction(async (tx) => {
        await tx.manager.query(`insert into notes values (2, 'not kept')`);
        tx.emit(ticketOpened, ticket);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await count('notes')).toBe(1);
    expect(await count('outbox')).toBe(1);
  });
});
