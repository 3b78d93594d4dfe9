import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Layout, layoutOf } from '../src/files/layout.ts';
import { ensureCluster, postgresSpec } from '../src/servers/postgres.ts';
import { findPostgresHome, type PostgresHome } from '../src/servers/postgres-home.ts';
import { provisionForeign, provisionOwn } from '../src/servers/provision.ts';
import { addressesOf } from '../src/settings/addresses.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { ensureSecrets, type Secrets } from '../src/settings/secrets.ts';
import { readSettings } from '../src/settings/settings.ts';
import { descendantsOf, isRunning } from '../src/supervise/process-tree.ts';
import type { SupervisedProcess } from '../src/supervise/supervised-process.ts';
import { Supervisor } from '../src/supervise/supervisor.ts';
import { StepError } from '../src/terminal/progress.ts';

let folder: string;
let layout: Layout;
let secrets: Secrets;
let home: PostgresHome;
let port: number;
let supervisor: Supervisor;
let postgres: SupervisedProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chmodSync(folder, 0o755);
  layout = layoutOf(folder, join(folder, '.local'));
  secrets = ensureSecrets(layout.secrets);
  home = await findPostgresHome(layout);
  port = await new PortAllocator().take();
  supervisor = new Supervisor({
    logs: layout.logs,
    state: layout.state,
    marker: layout.marker,
    instance: async () => null,
  });
  expect(await ensureCluster(home, secrets.postgres_password)).toBe('made');
  postgres = supervisor.add(postgresSpec(home, port));
  await postgres.start();
  await postgres.whenRunning(20_000);
  expect(await provisionOwn(home.data, port, secrets)).toBe('made');
}, 60_000);
afterAll(async () => {
  await supervisor.killAll();
  rmSync(folder, { recursive: true, force: true });
});

const urlOf = (service: 'auth' | 'billing' | 'monitor') =>
  addressesOf(readSettings({}), secrets, {
    gateway: 0,
    nats: 0,
    postgres: port,
    redis: 0,
    smtp: 0,
    mailPage: 0,
  }).database(service);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('roles and schemas', () => {
  it('give a service its schema by default, and no service the rights of a superuser', async () => {
    expect(await query(urlOf('auth'), 'select current_user as role, current_schema() as schema')).toEqual([
      { role: 'auth', schema: 'auth' },
    ]);
    const privileged = "select rolname from pg_roles where rolsuper and rolname <> 'postgres'";
    expect(await query(urlOf('auth'), privileged)).toEqual([]);
  });

  it('keep services out of each other’s schemas and out of public', async () => {
    await query(urlOf('auth'), 'create table if not exists keys (id int)');
    await expect(query(urlOf('billing'), 'select * from auth.keys')).rejects.toMatchObject({ code: '42501' });
    await expect(query(urlOf('billing'), 'create table public.t (id int)')).rejects.toMatchObject({
      code: '42501',
    });
    await expect(query(urlOf('billing'), 'create schema mine')).rejects.toMatchObject({ code: '42501' });
  });

  it.each(['postgres', 'template1'])('keep services out of the database %s', async (database) => {
    const url = new URL(urlOf('billing'));
    url.pathname = `/${database}`;
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '42501' });
  });

  it('let monitor, and only monitor, read the statistics of all roles', async () => {
    const sql = "select pg_has_role('pg_monitor', 'usage') as may";
    expect(await query(urlOf('monitor'), sql)).toEqual([{ may: true }]);
    expect(await query(urlOf('billing'), sql)).toEqual([{ may: false }]);
  });

  it('let the healer, and only the healer, end sessions', async () => {
    const sql = `select rolname from pg_roles where rolcanlogin and not rolsuper and pg_has_role(rolname, 'pg_signal_backend', 'usage')`;
    expect(await query(urlOf('auth'), sql)).toEqual([{ rolname: 'healer' }]);
  });

  it('count statements, and let each role see the text of its own only', async () => {
    await query(urlOf('auth'), "select 'auth was here' as mark");
    const sql = `select count(*)::int as n from extensions.pg_stat_statements where query like 'select $1 as mark%'`;
    expect(await query(urlOf('auth'), sql)).toEqual([{ n: 1 }]);
    expect(await query(urlOf('billing'), sql)).toEqual([{ n: 0 }]);
  });

  it('let monitor, and only monitor, have indexes checked, and all make temporary tables', async () => {
    const sql = "select extensions.bt_index_check('pg_class_oid_index'::regclass, false)";
    expect(await query(urlOf('monitor'), sql)).toHaveLength(1);
    await expect(query(urlOf('billing'), sql)).rejects.toMatchObject({ code: '42501' });
    expect(await query(urlOf('billing'), 'create temporary table mine (n int)')).toEqual([]);
  });

  it('are not created again for the same data, and can be', async () => {
    expect(await provisionOwn(home.data, port, secrets)).toBe('found');
    rmSync(join(home.data, 'gridworks.provisioned'));
    expect(await provisionOwn(home.data, port, secrets)).toBe('made');
  });

  it('are refused with advice where the role may not create them', async () => {
    await expect(provisionForeign(urlOf('billing'), secrets)).rejects.toMatchObject({
      name: 'StepError',
      message: expect.stringContaining('may not create roles and schemas'),
    });
  });

  it('are created after the advice was followed, and the rights of PUBLIC there do not change', async () => {
    const admin = (database: string) =>
      `postgres://postgres:${secrets.postgres_password}@127.0.0.1:${port}/${database}`;
    await query(admin('postgres'), `create role "some guest" login password 'guest'`);
    await query(admin('postgres'), 'create database "their own"');
    const url = `postgres://some%20guest:guest@127.0.0.1:${port}/their%20own`;
    const refused = (await provisionForeign(url, secrets).catch((error) => error)) as StepError;
    expect(refused).toBeInstanceOf(StepError);
    expect(refused.message).toContain('may not create roles and schemas');
    await query(admin('their own'), refused.advice.slice(2).join('\n'));
    await provisionForeign(url, secrets);
    const rights = `select has_database_privilege('public', current_database(), 'connect, temp') as database,
      has_schema_privilege('public', 'public', 'usage') as schema`;
    expect(await query(admin('their own'), rights)).toEqual([{ database: true, schema: true }]);
  });

  it('can be created by a role that is no superuser, in a server of the user', async () => {
    const admin = `postgres://postgres:${secrets.postgres_password}@127.0.0.1:${port}/postgres`;
    await query(admin, "create role boss login createrole createdb password 'boss'");
    await query(admin, 'grant pg_monitor, pg_read_all_stats, pg_signal_backend to boss with admin option');
    await query(admin, 'create database shared owner boss');
    await query(admin, 'grant auth, billing, support, monitor, healer to boss with admin option');
    const url = `postgres://boss:boss@127.0.0.1:${port}/shared`;
    await provisionForeign(url, secrets);
    const authUrl = new URL(urlOf('auth'));
    authUrl.pathname = '/shared';
    expect(await query(authUrl.href, 'select current_schema() as schema')).toEqual([{ schema: 'auth' }]);
  });
});

/** PostgreSQL's children come and go: one that ended since it was listed need not be stopped. */
function stopUnlessEnded(pid: number): void {
  try {
    process.kill(pid, 'SIGSTOP');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('PostgreSQL under the supervisor', () => {
  it('restarts with its data after its whole tree was frozen and killed', async () => {
    await query(urlOf('billing'), 'create table ledger as select 42 as amount');
    const before = postgres.pid ?? 0;
    const children = descendantsOf(before);
    expect(children.length).toBeGreaterThan(2);
    for (const pid of [before, ...children]) stopUnlessEnded(pid);
    await postgres.restart();
    expect([before, ...children].filter(isRunning)).toEqual([]);
    await postgres.whenRunning(20_000);
    expect(await query(urlOf('billing'), 'select amount from ledger')).toEqual([{ amount: 42 }]);
  });

  it('restarts after kill -9 of the postmaster only, although its children are frozen', async () => {
    const before = postgres.pid ?? 0;
    const children = descendantsOf(before);
    for (const pid of children) stopUnlessEnded(pid);
    process.kill(before, 'SIGKILL');
    await eventually(() => expect(postgres.pid).not.toBe(before));
    await postgres.whenRunning(20_000);
    expect(children.filter(isRunning)).toEqual([]);
    expect(await query(urlOf('billing'), 'select amount from ledger')).toEqual([{ amount: 42 }]);
  });

  it('starts although its pid file names a process of another program by now', async () => {
    await postgres.stop();
    writeFileSync(join(home.data, 'postmaster.pid'), `${process.pid}\n${home.data}\n`);
    await postgres.start();
    await postgres.whenRunning(20_000);
    expect(readFileSync(join(home.data, 'postmaster.pid'), 'utf8')).toMatch(new RegExp(`^${postgres.pid}\n`));
  });
});

describe('a data folder that cannot be used', () => {
  const other = (name: string, version?: string): PostgresHome => {
    const data = join(folder, name, 'data');
    mkdirSync(data, { recursive: true });
    if (version) writeFileSync(join(data, 'PG_VERSION'), `${version}\n`);
    return { ...home, folder: join(folder, name), data };
  };

  it('of another version is named, with advice', async () => {
    await expect(ensureCluster(other('old', '15'), 'x')).rejects.toMatchObject({
      message: expect.stringContaining('written by PostgreSQL 15, and this is 18'),
      advice: expect.arrayContaining([expect.stringContaining('npm start -- --fresh')]),
    });
  });

  it.each([undefined, '18'])('half written (version %s) is named, with advice', async (version) => {
    await expect(ensureCluster(other(`half-${version}`, version), 'x')).rejects.toMatchObject({
      message: expect.stringContaining('not a complete PostgreSQL database'),
      advice: expect.arrayContaining([expect.stringContaining('npm start -- --fresh')]),
    });
  });

  it('created with other secrets is named, with advice', async () => {
    rmSync(join(home.data, 'gridworks.provisioned'));
    const others = { ...secrets, postgres_password: 'another' };
    await expect(provisionOwn(home.data, port, others)).rejects.toMatchObject({
      message: expect.stringContaining('does not know the password'),
    });
  });
});
