import { randomUUID } from 'node:crypto';
import { type CallContext, runInContext } from '@gridworks/observability';
import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../test/open-database.ts';
import type { MigrationClass } from '../connection/apply-migrations.ts';
import type { Database } from '../database/database.ts';
import { LIBRARY_MIGRATIONS } from '../migrations/library-migrations.ts';
import { exposeTenants, protectTenants } from './protect-tenants.ts';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

class CreateNotes1795262400000 implements Migration {
  readonly name = 'CreateNotes1795262400000';

  async up(runner: Runner): Promise<void> {
    await runner.query('create table notes (id int primary key, partner_id text, body text not null)');
    await protectTenants(runner, 'notes');
    // Also a migration changes the rows of every partner.
    await runner.query(
      `insert into notes values (1, 'par_a', 'a'), (2, 'par_b', 'b'), (3, null, 'platform')`,
    );
    await runner.query(`update notes set body = body || '!'`);
  }

  async down(runner: Runner): Promise<void> {
    await exposeTenants(runner, 'notes');
    await runner.query('drop table notes');
  }
}

const asTenant = <T>(tenant: string | undefined, work: () => Promise<T>): Promise<T> => {
  const context: CallContext = {
    ...{ requestId: randomUUID(), traceparent: undefined, deadlineAt: undefined, principal: undefined },
    tenant,
  };
  return runInContext(context, work);
};

describe('row-level security', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    // One connection: every piece of work finds what the one before it has set.
    database = await openDatabase({
      url,
      poolSize: 1,
      migrations: [...LIBRARY_MIGRATIONS, CreateNotes1795262400000],
    });
  });
  beforeEach(() => server.query(`delete from notes where id > 3`, [], url));
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const ids = (manager: { query(sql: string): Promise<{ id: number }[]> }) =>
    manager.query('select id from notes order by id').then((rows) => rows.map(({ id }) => id));
  const seenBy = (tenant: string | undefined) => asTenant(tenant, () => database.read(ids));

  it('shows a tenant its own rows, whatever the statement asks for, and the service all of them', async () => {
    expect(await seenBy('par_a')).toEqual([1]);
    expect(await seenBy('par_b')).toEqual([2]);
    expect(await seenBy(undefined)).toEqual([1, 2, 3]);
    expect(await database.read(ids)).toEqual([1, 2, 3]);
    expect(await asTenant('par_a', () => database.transaction((tx) => ids(tx.manager)))).toEqual([1]);
    expect(
      await asTenant('par_a', () => database.transaction((tx) => tx.prepared('select id from notes', []))),
    ).toEqual([{ id: 1 }]);
    expect(
      await asTenant('par_b', () => database.transaction((tx) => tx.prepared('select id from notes', []))),
    ).toEqual([{ id: 2 }]);
  });

  it('shows nothing to a connection without a tenant, though its role owns the table', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      expect((await client.query('select * from notes')).rows).toEqual([]);
      expect((await client.query(`update notes set body = 'x'`)).rowCount).toBe(0);
      expect((await client.query('delete from notes')).rowCount).toBe(0);
      await expect(client.query(`insert into notes values (9, 'par_a', 'x')`)).rejects.toMatchObject({
        code: '42501',
      });
    } finally {
      await client.end();
    }
  });

  it('keeps a tenant from writing, moving and removing rows of others', async () => {
    const run = (sql: string) =>
      asTenant('par_a', () => database.transaction((tx) => tx.manager.query(sql) as Promise<unknown>));
    await expect(run(`insert into notes values (4, 'par_b', 'planted')`)).rejects.toMatchObject({
      driverError: { code: '42501' },
    });
    await expect(run(`update notes set partner_id = 'par_b'`)).rejects.toMatchObject({
      driverError: { code: '42501' },
    });
    await run('delete from notes where id = 2');
    await run(`update notes set body = 'changed'`);
    expect(await server.query('select id, body from notes order by id', [], url)).toEqual([
      { id: 1, body: 'changed' },
      { id: 2, body: 'b!' },
      { id: 3, body: 'platform!' },
    ]);
  });

  it('sets the tenant of the next call after one that was rolled back', async () => {
    const failed = asTenant('par_a', () =>
      database.transaction(async (tx) => {
        await tx.manager.query('select 1 / 0');
      }),
    );
    await expect(failed).rejects.toThrow('division by zero');
    expect(await seenBy('par_b')).toEqual([2]);
    expect(await seenBy(undefined)).toEqual([1, 2, 3]);
  });

  it('keeps the index of a list of all partners', async () => {
    await server.query(
      `insert into notes select n, 'par_' || n % 50, 'x' from generate_series(10, 20000) n; analyze notes`,
      [],
      url,
    );
    const plan = await database.read((manager) =>
      manager.query('explain (format json) select id from notes order by id desc limit 100'),
    );
    expect(JSON.stringify(plan)).toContain('Index Scan');
    expect(JSON.stringify(plan)).not.toMatch(/Seq Scan|"Sort"/);
  });
});
