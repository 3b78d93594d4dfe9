import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endWithTest, eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CreateMessagingTables1000000000001 } from '../migrations/create-messaging-tables.ts';
import { applyMigrations } from './apply-migrations.ts';
import { ConnectionPool } from './connection-pool.ts';

const program = fileURLToPath(new URL('../../test/fixtures/migrate.ts', import.meta.url));

function migrate(url: string, seconds: number): { child: ChildProcess; applied: Promise<string[]> } {
  const child = endWithTest(
    spawn(process.execPath, ['--conditions=source', program, url, String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--no-warnings' },
    }),
  );
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const applied = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`ended with ${code}`);
    return JSON.parse(output) as string[];
  });
  applied.catch(() => undefined);
  return { child, applied };
}

describe('applyMigrations', () => {
  let server: PostgresServer;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    url = await server.createServiceDatabase('support');
  });
  afterAll(() => server.stop());
  const applied = () => server.query<{ name: string }>('select name from migrations order by id', [], url);

  it('applies each migration once when four processes start at the same time', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(url, 0.3).applied));
    expect(all.flat().sort()).toEqual(['CountRuns1000000000002', 'CreateMessagingTables1000000000001']);
    expect(all.filter((names) => names.length === 0)).toHaveLength(3);
    expect(await server.query('select count(*)::int as n from runs', [], url)).toEqual([{ n: 1 }]);
  });

  it('continues where a process was killed', async () => {
    const killed = migrate(url, 60);
    await eventually(
      async () =>
        expect(
          await server.query(
            `select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`,
          ),
        ).toHaveLength(1),
      { timeoutMs: 10_000 },
    );
    killed.child.kill('SIGKILL');
    await expect(killed.applied).rejects.toThrow();
    expect(await applied()).toEqual([{ name: 'CreateMessagingTables1000000000001' }]);

    // Without the server's check of its client, the session would hold the lock until its statement ends, in
    // a minute.
    expect(await migrate(url, 0).applied).toEqual(['CountRuns1000000000002']);
    expect(await server.query('select count(*)::int as n from runs', [], url)).toEqual([{ n: 1 }]);
  }, 30_000);

  it('needs one round trip when there is nothing to do', async () => {
    const options = { url, schema: 'support', applicationName: 'support' };
    const pool = new ConnectionPool(options);
    await applyMigrations(pool, options, [CreateMessagingTables1000000000001]);
    let queries = 0;
    const counting = new Proxy(pool, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (name === 'query') queries++;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(await applyMigrations(counting, options, [CreateMessagingTables1000000000001])).toEqual([]);
    expect(queries).toBe(1);
    const sessions = await server.query(
      `select 1 from pg_stat_activity where application_name = 'support:migrations'`,
    );
    expect(sessions).toEqual([]);
    await pool.end();
  });

  it('creates the schema on a server without it', async () => {
    await server.query('create database bare');
    const bare = server.adminUrl.replace(/postgres$/, 'bare');
    const options = { url: bare, schema: 'support', applicationName: 'support' };
    const pool = new ConnectionPool(options);
    await applyMigrations(pool, options, [CreateMessagingTables1000000000001]);
    expect(await server.query('select * from support.outbox', [], bare)).toEqual([]);
    await pool.end();
  });
});
