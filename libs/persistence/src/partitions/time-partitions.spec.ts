import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../test/open-database.ts';
import type { MigrationClass } from '../connection/apply-migrations.ts';
import type { Database } from '../database/database.ts';
import type { Transaction } from '../database/transaction.ts';
import { LIBRARY_MIGRATIONS } from '../migrations/library-migrations.ts';
import { TimePartitions } from './time-partitions.ts';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

class CreateReadings1795262400000 implements Migration {
  readonly name = 'CreateReadings1795262400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table readings (id text not null, at timestamptz not null, value int not null check (value >= 0),
        primary key (id, at)) partition by range (at)`);
    await runner.query('create index readings_value_idx on readings (value, at)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table readings');
  }
}

describe('the partitions of a table', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let months: TimePartitions;
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await openDatabase({
      ...{ url, poolSize: 4 },
      migrations: [...LIBRARY_MIGRATIONS, CreateReadings1795262400000],
    });
  });
  beforeEach(async () => {
    for (const name of await names()) await server.query(`drop table ${name}`, [], url);
    months = new TimePartitions('readings', 'month');
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const names = async () =>
    (
      await server.query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'support.readings'::regclass order by 1`,
        [],
        url,
      )
    ).map(({ name }) => name);
  const write = (parts: TimePartitions, moments: readonly string[]) =>
    database.transaction(async (tx) => {
      await parts.make(tx, moments);
      await insert(tx, moments);
    });
  const insert = async (tx: Transaction, moments: readonly string[]) => {
    for (const at of moments) await tx.prepared('insert into readings values ($1, $2, 1)', [at, at]);
  };

  it('are made with their first row, on either side of midnight of UTC', async () => {
    await write(months, [
      '2026-12-31T23:59:59.999Z',
      '2027-01-01T00:00:00.000Z',
      '2027-01-01T02:00:00+02:00',
    ]);
    await write(months, ['2027-01-31T23:59:59.999999Z']);
    expect(await names()).toEqual(['readings_202612', 'readings_202701']);
    const days = new TimePartitions('readings', 'day');
    await write(days, ['2028-02-29T12:00:00Z']);
    expect(await names()).toContain('readings_20280229');
  });

  it('have the keys, checks and indexes of the table', async () => {
    await write(months, ['2026-11-05T00:00:00Z']);
    const refused = (sql: string) =>
      database
        .transaction((tx) => tx.manager.query(sql) as Promise<unknown>)
        .catch((error: unknown) => error);
    expect(
      await refused(`insert into readings values ('2026-11-05T00:00:00Z', '2026-11-05T00:00:00Z', 2)`),
    ).toMatchObject({ driverError: { code: '23505' } });
    expect(await refused(`insert into readings values ('b', '2026-11-05T00:00:00Z', -1)`)).toMatchObject({
      driverError: { code: '23514' },
    });
    const [row] = await server.query<{ count: number }>(
      `select count(*)::int as count from pg_inherits join pg_index on indexrelid = inhrelid
       where indrelid = 'support.readings_202611'::regclass`,
      [],
      url,
    );
    expect(row?.count).toBe(2);
  });

  it('are made once by instances that begin a month together', async () => {
    const instances = Array.from({ length: 4 }, () => new TimePartitions('readings', 'month'));
    await Promise.all(instances.map((parts, n) => write(parts, [`2026-11-05T00:00:0${n}Z`])));
    expect(await names()).toEqual(['readings_202611']);
  });

  it('are made beside a reader that does not end', async () => {
    await write(months, ['2026-10-05T00:00:00Z']);
    const read = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const reader = database.transaction(async (tx) => {
      await tx.manager.query('select count(*) from readings');
      read.resolve();
      await written.promise;
    });
    await read.promise;
    await write(months, ['2026-11-05T00:00:00Z']).finally(() => written.resolve());
    await reader;
    expect(await names()).toEqual(['readings_202610', 'readings_202611']);
  });

  it('are made again after a rollback', async () => {
    const failed = database.transaction(async (tx) => {
      await months.make(tx, ['2026-11-05T00:00:00Z']);
      await months.make(tx, ['2026-11-06T00:00:00Z']);
      await tx.manager.query('select 1 / 0');
    });
    await expect(failed).rejects.toThrow('division by zero');
    expect(await names()).toEqual([]);
    await write(months, ['2026-11-05T00:00:00Z']);
    await write(months, ['2026-11-06T00:00:00Z']);
    expect(await names()).toEqual(['readings_202611']);
  });

  it('are dropped whole, and made again when a late row comes', async () => {
    await write(months, ['2026-09-30T23:59:59Z', '2026-10-01T00:00:00Z', '2026-11-05T00:00:00Z']);
    const drop = () => database.transaction((tx) => months.dropOld(tx, new Date('2026-10-31T23:00:00Z')));
    expect(await drop()).toEqual(['readings_202609']);
    expect(await drop()).toEqual([]);
    await write(months, ['2026-09-10T00:00:00Z']);
    expect(await names()).toEqual(['readings_202609', 'readings_202610', 'readings_202611']);
  });
});
