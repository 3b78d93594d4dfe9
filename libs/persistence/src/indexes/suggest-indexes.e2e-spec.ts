import type { MissingIndex } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database } from '../database/database.ts';
import { IndexBuilder } from './build-index.ts';
import { suggestIndexes } from './suggest-indexes.ts';

const logger = createLogger({ service: 'support', instance: 'support', level: 'silent' });

describe('missing indexes', () => {
  let server: PostgresServer;
  let url: string;
  let admin: string;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
    url = await server.createServiceDatabase('support');
    const address = new URL(server.adminUrl);
    address.pathname = new URL(url).pathname;
    admin = address.href;
    database = new Database({ url, schema: 'support', applicationName: 'support', migrations: [], logger });
    await query(`
      create table tickets (id text primary key, partner_id text not null, state text not null, secret text, created_at timestamptz not null);
      insert into tickets select 'tic_' || n, 'par_' || n % 500, case when n % 3 = 0 then 'open' else 'closed' end, 'swordfish',
        now() - n * interval '1 second' from generate_series(1, 60000) n;
      create table small as select n, n % 7 as kind from generate_series(1, 3000) n;
      create table notes (n int primary key, ticket_id text, body text);
      insert into notes select n, 'tic_' || n % 900, repeat('x', 60) from generate_series(1, 30000) n;
      create index notes_ticket_idx on notes (ticket_id, n);
      analyze tickets; analyze small; analyze notes`);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const query = <R extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
    server.query<R>(sql, values, url);
  /** Over one connection, as a service would. */
  const run = async (sql: string, values: unknown[], times = 8) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let n = 0; n < times; n++) await client.query(sql, values);
    await client.end();
  };
  const look = async (): Promise<MissingIndex[]> => (await suggestIndexes(database)).missing;
  const LIST = `select id, state /* for ada@example.com */ from tickets where partner_id = $1 and state <> 'secret-state' order by created_at desc, id desc limit 10`;

  it('cannot be told without the counts of statements, and why is said', async () => {
    expect(await suggestIndexes(database)).toEqual({
      reason: 'the extension pg_stat_statements is not in this database',
      missing: [],
    });
    await server.query(
      'create schema extensions; create extension pg_stat_statements schema extensions',
      [],
      admin,
    );
    expect(await suggestIndexes(database)).toEqual({
      reason: expect.stringContaining('may not use the schema extensions'),
      missing: [],
    });
    await server.query('grant usage on schema extensions to support', [], admin);
    expect(await suggestIndexes(database)).toEqual({ reason: null, missing: [] });
  });

  describe('with counts', () => {
    beforeEach(async () => {
      await server.query('select extensions.pg_stat_statements_reset()', [], admin);
    });

    it('are suggested with the statement, its figures, and both plans', async () => {
      await run(LIST, ['par_7']);
      const [missing, ...more] = await look();
      expect(more).toEqual([]);
      expect(missing).toEqual({
        table: 'tickets',
        columns: [
          { name: 'partner_id', descending: false },
          { name: 'created_at', descending: false },
          { name: 'id', descending: false },
        ],
        index: expect.stringMatching(/^tickets_partner_id_created_at_id_[0-9a-f]{4}_idx$/),
        evidence: {
          rows: 60_000,
          bytes: expect.any(Number),
          index_bytes: expect.any(Number),
          rows_written: 60_000,
          statement: {
            id: expect.stringMatching(/^-?\d+$/),
            shape:
              'select id, state from tickets where partner_id = $1 and state <> $2 order by created_at desc, id desc limit $3',
            calls: 8,
            mean_ms: expect.any(Number),
            total_ms: expect.any(Number),
            rows_returned: 10,
          },
          other_statements: 0,
          rows_read: expect.any(Number),
          plan: {
            cost: expect.any(Number),
            lines: expect.arrayContaining([expect.stringContaining('Seq Scan on tickets')]),
          },
          trial: {
            sample_rows: expect.any(Number),
            cost_without: expect.any(Number),
            cost_with: expect.any(Number),
            factor: expect.any(Number),
            plan: {
              cost: expect.any(Number),
              lines: expect.arrayContaining([expect.stringContaining('Index Scan')]),
            },
          },
        },
      });
      const { evidence } = missing as MissingIndex;
      expect(evidence.trial.factor).toBeGreaterThan(20);
      expect(evidence.trial.sample_rows).toBeGreaterThan(15_000);
      expect(evidence.rows_read).toBeGreaterThan(50_000);
      // As large as the one that is really built, within a third.
      await query('create index really on tickets (partner_id, created_at, id)');
      const [real] = await query<{ bytes: number }>(`select pg_relation_size('really')::float8 as bytes`);
      await query('drop index really');
      expect(Math.abs(evidence.index_bytes / (real?.bytes ?? 0) - 1)).toBeLessThan(0.34);
      expect(JSON.stringify(missing)).not.toMatch(/swordfish|secret-state|ada@|par_7/);
    });

    it('leave nothing in the database, and lock nothing that a reader or writer needs', async () => {
      const holder = new pg.Client({ connectionString: url });
      await holder.connect();
      // What a migration holds conflicts with building an index on the table itself.
      await holder.query('begin; lock table tickets in share row exclusive mode');
      await run(LIST, ['par_7']);
      expect(await look()).toHaveLength(1);
      await holder.query('rollback');
      await holder.end();
      expect(
        await query(
          `select relname from pg_class where relname like '%gridworks%' or relnamespace::regnamespace::text like 'pg_temp%'`,
        ),
      ).toEqual([]);
      await eventually(async () =>
        expect(await query(`select 1 from pg_stat_activity where application_name like '%:indexes'`)).toEqual(
          [],
        ),
      );
    });

    it('are for statements that change rows, too', async () => {
      await run(`update tickets set state = state where partner_id = $1`, ['par_7']);
      expect(await look()).toMatchObject([{ table: 'tickets', columns: [{ name: 'partner_id' }] }]);
    });

    it('are one for statements that the same index serves', async () => {
      await run(LIST, ['par_7']);
      await run('select count(*) from tickets where partner_id = $1', ['par_7']);
      expect(await look()).toMatchObject([
        { columns: [{}, { name: 'created_at' }, {}], evidence: { other_statements: 1 } },
      ]);
    });

    it('are none where there is an index, for small tables, without conditions, or when they would not help', async () => {
      await run('select * from notes where ticket_id = $1 order by n limit 5', ['tic_3']);
      await run('select count(*) from notes', []);
      await run('select * from small where kind = $1', [3], 40);
      // A third of the table is read, with an index or without.
      await run(`select count(secret) from tickets where state = $1`, ['open']);
      expect(await look()).toEqual([]);
    });

    it('are none any more once the index is built, beside readers and writers', async () => {
      await run(LIST, ['par_7']);
      const [missing] = await look();
      const builder = new IndexBuilder(database, logger);
      expect(builder.build(missing as MissingIndex)).toEqual({ state: 'started' });
      expect(builder.build(missing as MissingIndex)).toEqual({ state: 'busy' });
      await builder.idle();
      expect(await look()).toEqual([]);
      builder.drop(missing as MissingIndex);
      await builder.idle();
      expect(await look()).toHaveLength(1);
    });
  });
});
