import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

describe('startPostgres', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('gives each service a role that sees its own schema only', async () => {
    const database = 'shared';
    const billing = await server.createServiceDatabase('billing', { database });
    const support = await server.createServiceDatabase('support', { database });
    await server.query('create table invoices (id int)', [], billing);

    const [row] = await server.query<{ user: string; schema: string; super: string }>(
      `select current_user as user, current_schema as schema, current_setting('is_superuser') as super`,
      [],
      billing,
    );
    expect(row).toEqual({ user: 'billing', schema: 'billing', super: 'off' });
    await expect(server.query('select * from billing.invoices', [], support)).rejects.toThrow(
      'permission denied for schema billing',
    );
    await expect(server.query('create table public.t (id int)', [], support)).rejects.toThrow(
      'permission denied for schema public',
    );
  });

  it('makes another database for each call', async () => {
    const first = await server.createServiceDatabase('auth');
    const second = await server.createServiceDatabase('auth');
    expect(second).not.toBe(first);
    await server.query('create table users (id int)', [], first);
    await expect(server.query('select * from users', [], second)).rejects.toThrow('does not exist');
  });

  it('restarts with its commits on the same port after a kill -9', async () => {
    const url = await server.createServiceDatabase('healer');
    await server.query('create table events as select 1 as id', [], url);
    const before = server.pid;
    await server.kill9();
    await expect(server.query('select 1')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await server.query('select id from events', [], url)).toEqual([{ id: 1 }]);
  });

  it('does not respond while frozen, not even on an open connection, and continues after that', async () => {
    const client = new pg.Client({ connectionString: server.adminUrl });
    await client.connect();
    await client.query('select 1');
    server.freeze();
    const result = client.query('select 2 as n');
    const first = await Promise.race([result, new Promise((resolve) => setTimeout(resolve, 200, 'silence'))]);
    expect(first).toBe('silence');
    server.thaw();
    expect((await result).rows).toEqual([{ n: 2 }]);
    await client.end();
  });

  it('leaves nothing behind', async () => {
    const other = await startPostgres();
    const [row] = await other.query<{ data_directory: string }>('show data_directory');
    const { pid } = other;
    await other.stop();
    expect(existsSync(row?.data_directory ?? '/')).toBe(false);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
