import { createLogger } from '@gridworks/observability';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database } from './database/database.ts';
import { refreshStatistics } from './refresh-statistics.ts';

describe('stale statistics', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres(); // without autovacuum
    url = await server.createServiceDatabase('billing');
    const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });
    database = new Database({ url, schema: 'billing', applicationName: 'billing', migrations: [], logger });
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const query = <R extends Record<string, unknown>>(sql: string) => server.query<R>(sql, [], url);
  /** Sessions report what they changed with a delay. */
  const untilCounted = (table: string, changes: number) =>
    eventually(async () => {
      const sql = `select n_mod_since_analyze::int as count from pg_stat_user_tables where relname = '${table}'`;
      expect(await query(sql)).toEqual([{ count: changes }]);
    });

  it('are made anew for tables that changed a lot, and for no others', async () => {
    await query('create table "Ledger" as select n, n % 7 as kind from generate_series(1, 5000) n');
    await query('create table few as select n from generate_series(1, 900) n');
    await untilCounted('Ledger', 5000);
    await untilCounted('few', 900);
    // As many as there are is not more than there are.
    expect(await refreshStatistics(database)).toEqual([]);
    await query('update "Ledger" set kind = 3 where n <= 10');
    await untilCounted('Ledger', 5010);
    expect(await refreshStatistics(database)).toEqual(['Ledger']);
    expect(
      await query(`select n_distinct from pg_stats where tablename = 'Ledger' and attname = 'kind'`),
    ).toEqual([{ n_distinct: 7 }]);
    await untilCounted('Ledger', 0);
    expect(await query(`select 1 from pg_stats where tablename = 'few'`)).toEqual([]);
  });

  it('are left for ten minutes, and as long as somebody locks the table', async () => {
    await query('update "Ledger" set kind = n');
    await untilCounted('Ledger', 5000);
    await query('update "Ledger" set kind = 1');
    await untilCounted('Ledger', 10_000);
    expect(await refreshStatistics(database)).toEqual([]);
    await query('create table held as select n from generate_series(1, 2000) n; update held set n = 1');
    await untilCounted('held', 4000);
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query('begin; lock table held in share update exclusive mode');
    // It returns although the table is locked, and the statistics are still missing.
    await refreshStatistics(database);
    expect(await query(`select 1 from pg_stats where tablename = 'held'`)).toEqual([]);
    await holder.end();
    await refreshStatistics(database);
    expect(await query(`select 1 from pg_stats where tablename = 'held'`)).toHaveLength(1);
  });

  it('fail with the error of the server, and leave no connection', async () => {
    await eventually(async () => {
      const sql = `select 1 from pg_stat_activity where application_name = 'billing:statistics:probe'`;
      expect(await server.query(sql)).toEqual([]);
    });
    await server.kill9();
    await expect(refreshStatistics(database)).rejects.toThrow();
    await server.restart();
  });
});
