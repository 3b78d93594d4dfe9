import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { listBackups } from '../src/backup/backup-store.ts';
import { makeBackup } from '../src/backup/make-backup.ts';
import { type Manifest, readManifest } from '../src/backup/manifest.ts';
import { restoreInPlace } from '../src/backup/restore-in-place.ts';
import { postmasterOf } from '../src/backup/scratch-server.ts';
import { verifyBackup, withRestored } from '../src/backup/verify-backup.ts';
import { type Layout, layoutOf } from '../src/files/layout.ts';
import { ensureCluster, postgresSpec } from '../src/servers/postgres.ts';
import { findPostgresHome, type PostgresHome } from '../src/servers/postgres-home.ts';
import { provisionOwn } from '../src/servers/provision.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { ensureSecrets, type Secrets } from '../src/settings/secrets.ts';
import { readSettings } from '../src/settings/settings.ts';
import { isRunning, startMarkOf } from '../src/supervise/process-tree.ts';
import type { SupervisedProcess } from '../src/supervise/supervised-process.ts';
import { Supervisor } from '../src/supervise/supervisor.ts';
import { Progress } from '../src/terminal/progress.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const settings = readSettings({});
const progress = new Progress({ write: () => undefined });

let folder: string;
let layout: Layout;
let secrets: Secrets;
let home: PostgresHome;
let port: number;
let supervisor: Supervisor;
let postgres: SupervisedProcess;
/** The backup of the first test, which the others restore. */
let first: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
  chmodSync(folder, 0o755);
  layout = layoutOf(root, join(folder, 'local'));
  secrets = ensureSecrets(layout.secrets);
  home = await findPostgresHome(layout);
  chmodSync(layout.local, 0o711);
  port = await new PortAllocator().take();
  supervisor = new Supervisor({
    logs: layout.logs,
    state: layout.state,
    marker: layout.marker,
    instance: async () => null,
  });
  await ensureCluster(home, secrets.postgres_password);
  postgres = supervisor.add(postgresSpec(home, port));
  await start();
  await provisionOwn(home.data, port, secrets);
  await query(`create table billing.accounts (id int primary key, amount int not null);
    create table billing.entries (id serial primary key, account int references billing.accounts, amount int);
    insert into billing.accounts select n, 1000 from generate_series(1, 20) n;
    create table auth.notes (id int primary key, body text);
    insert into auth.notes select n, 'note ' || n from generate_series(1, 500) n;
    alter table billing.accounts owner to billing; alter table auth.notes owner to auth;
    create role reporter; grant usage on schema billing to reporter; grant select on billing.accounts to reporter;
    create table support.migrations (name text); insert into support.migrations values ('CreateTickets1');`);
}, 60_000);
afterAll(async () => {
  await supervisor?.killAll();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  await postgres.start();
  await postgres.whenRunning(20_000);
}

const superuser = (password = secrets.postgres_password) =>
  `postgres://postgres:${password}@127.0.0.1:${port}/portal`;

async function query(sql: string, url = superuser()): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const backup = (more: { to?: string; keep?: number; layout?: Layout } = {}) =>
  makeBackup({ layout, settings, secrets, progress, to: layout.backups, keep: undefined, ...more });

/** A copy of a backup, in which `change` may write. */
function copyOf(path: string, change: (folder: string) => void): string {
  const copy = join(mkdtempSync(join(folder, 'copy-')), basename(path));
  cpSync(path, copy, { recursive: true });
  change(copy);
  return copy;
}

function editManifest(path: string, edit: (manifest: Manifest) => Partial<Manifest>): void {
  const manifest = readManifest(path);
  writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...manifest, ...edit(manifest) }));
}

const scratches = () => readdirSync(home.folder).filter((name) => name.startsWith('scratch-'));
const socketFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('gridworks-scratch-'));

/** Runs the command itself, as npm does. */
function run(command: 'backup' | 'restore', ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, commandLine(command, args), { env: environment() }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), output: `${out}${err}` }),
    );
  });
}

const commandLine = (command: string, args: string[]) => [
  ...['--conditions=source', '--disable-warning=ExperimentalWarning'],
  join(root, 'infra', 'local', 'src', 'commands', `${command}.ts`),
  ...args,
];
const environment = () => ({ ...process.env, LOCAL_DIR: layout.local, DATABASE_URL: '' });

describe('a backup of a running portal', () => {
  it('is one consistent state, although others write meanwhile', async () => {
    const done = new AbortController();
    let committed = 0;
    const write = async () => {
      const client = new pg.Client({ connectionString: superuser() });
      await client.connect();
      while (!done.signal.aborted) {
        // Money moves and is written down in the same transaction.
        await client.query(`begin; update billing.accounts set amount = amount - 1 where id = ${(committed % 19) + 2};
          update billing.accounts set amount = amount + 1 where id = 1;
          insert into billing.entries (account, amount) values (1, 1); commit`);
        committed++;
      }
      await client.end();
    };
    const writing = write();
    await eventually(() => expect(committed).toBeGreaterThan(20));
    const before = committed;
    const made = await backup();
    done.abort();
    await writing;
    expect(committed).toBeGreaterThan(before);
    first = made.path;
    expect(made.manifest.source).toBe('running');
    expect(made.integrity).toMatchObject({ damaged: [] });
    const [state] = await withRestored(home, first, progress, ({ scratch }) =>
      scratch.use('portal', async (client) => {
        const sql = `select sum(amount)::int as total, (select count(*)::int from billing.entries) as entries,
          max(amount) - 1000 as moved from billing.accounts`;
        return (await client.query(sql)).rows;
      }),
    );
    expect(state.total).toBe(20_000);
    expect(state.moved).toBe(state.entries);
    expect(state.entries).toBeGreaterThanOrEqual(before);
    expect(state.entries).toBeLessThanOrEqual(committed);
  });

  it('lists its content, and no secret', () => {
    const text = readFileSync(join(first, 'manifest.json'), 'utf8');
    const manifest = readManifest(first);
    expect(manifest).toMatchObject({ format: 1, server_major: '18', database: 'portal' });
    expect(manifest.tables).toContainEqual(expect.objectContaining({ table: 'auth.notes', rows: 500 }));
    expect(manifest.migrations).toEqual({ support: ['CreateTickets1'] });
    expect(manifest.grants).toContain('relation billing.accounts reporter=r/billing');
    expect(manifest.roles).toContain('monitor:login in pg_monitor');
    for (const secret of [secrets.postgres_password, secrets.database_passwords.billing, 'SCRAM-SHA'])
      expect(text).not.toContain(secret);
  });

  it('can be read by this user only, and leaves nothing else behind', () => {
    expect(statSync(first).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(first)) expect(statSync(join(first, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(layout.backups)).toEqual([basename(first)]);
    expect(scratches()).toEqual([]);
  });

  it('goes where it is told, where only the newest are kept', async () => {
    const to = join(folder, 'elsewhere', 'deep');
    await backup({ to });
    await backup({ to });
    const { path, deleted } = await backup({ to, keep: 2 });
    expect(deleted).toHaveLength(1);
    expect(listBackups(to)).toHaveLength(2);
    expect(listBackups(to).at(-1)).toBe(path);
  });

  it('is made once at a time', async () => {
    const to = join(folder, 'once');
    const running = run('backup', '--to', to);
    await eventually(() => expect(existsSync(to)).toBe(true));
    await expect(backup({ to })).rejects.toMatchObject({ code: 'BACKUP.BUSY' });
    expect(await running).toMatchObject({ code: 0 });
    expect(listBackups(to)).toHaveLength(1);
  });

  it('fails as a whole when PostgreSQL may not read a file of its own, and says which', async () => {
    const file = join(home.data, 'foreign');
    writeFileSync(file, 'x', { mode: 0o000 });
    await expect(backup({ to: join(folder, 'none') })).rejects.toMatchObject({
      code: 'BACKUP.COPY_FAILED',
      message: expect.stringContaining('foreign'),
    });
    rmSync(file);
    expect(readdirSync(join(folder, 'none'))).toEqual([]);
  });
});

describe('a verification', () => {
  it('succeeds for the newest backup, while the portal runs', async () => {
    const { code, output } = await run('restore', '--verify');
    expect(output).toContain(`verified`);
    expect(code).toBe(0);
  });

  it.each<[string, (archive: string) => void, string]>([
    [
      'a changed byte',
      (archive) => {
        const bytes = readFileSync(archive);
        const at = Math.floor(bytes.length / 2);
        bytes[at] = (bytes[at] ?? 0) ^ 0xff;
        writeFileSync(archive, bytes);
      },
      'damaged',
    ],
    ['a missing end', (archive) => truncateSync(archive, statSync(archive).size - 100), 'damaged'],
    ['a missing archive', (archive) => rmSync(archive), 'it is missing'],
    ['an archive that is none', (archive) => writeFileSync(archive, 'nothing'), 'damaged'],
  ])('finds %s', async (_, change, words) => {
    const copy = copyOf(first, (path) => change(join(path, 'data.tar.gz')));
    await expect(verifyBackup({ layout, progress, backup: copy })).rejects.toMatchObject({
      code: 'BACKUP.DAMAGED',
      message: expect.stringContaining(words),
    });
    expect(scratches()).toEqual([]);
    expect(socketFolders()).toEqual([]);
  });

  it('finds a changed row, a missing table and a lost right', async () => {
    await query(`update auth.notes set body = 'another' where id = 77;
      create table billing.later (id int); drop table billing.entries; revoke all on billing.accounts from reporter`);
    const { path: later } = await backup({ to: join(folder, 'later') });
    // The data of now with the manifest of before.
    const mixed = copyOf(later, (copy) => {
      const { tables, grants } = readManifest(first);
      editManifest(copy, () => ({ tables, grants }));
    });
    const { code, output } = await run('restore', '--verify', mixed);
    expect(output).toContain('table auth.notes has 500 rows, and at least one of them is another');
    expect(output).toMatch(/table billing\.entries is missing \(\d+ rows\)/);
    expect(output).toContain('table billing.later is not in the manifest');
    expect(output).toContain('right relation billing.accounts reporter=r/billing is missing');
    expect(output).toContain('(BACKUP.DIFFERS)');
    expect(code).toBe(1);
    expect(scratches()).toEqual([]);
  });

  it.each<[string, (path: string) => void, string]>([
    ['no manifest', (path) => rmSync(join(path, 'manifest.json')), 'BACKUP.MANIFEST_UNREADABLE'],
    [
      'half a manifest',
      (path) => truncateSync(join(path, 'manifest.json'), 40),
      'BACKUP.MANIFEST_UNREADABLE',
    ],
    ['a newer format', (path) => editManifest(path, () => ({ format: 2 })), 'BACKUP.MANIFEST_UNREADABLE'],
    [
      'another PostgreSQL',
      (path) => editManifest(path, () => ({ server_major: '15' })),
      'BACKUP.OTHER_VERSION',
    ],
  ])('refuses a backup with %s', async (_, change, code) => {
    const copy = copyOf(first, change);
    await expect(verifyBackup({ layout, progress, backup: copy })).rejects.toMatchObject({ code });
  });

  /** Starts a verification in a process of its own, and resolves when its scratch server runs. */
  async function verifyAside(): Promise<{ child: ChildProcess; pid: number }> {
    const child: ChildProcess = spawn(process.execPath, commandLine('restore', ['--verify', first]), {
      env: environment(),
      stdio: 'ignore',
    });
    let pid = 0;
    await eventually(() => {
      const [scratch] = scratches();
      pid = postmasterOf(join(home.folder, scratch ?? 'none', 'data')) ?? 0;
      expect(pid).toBeGreaterThan(0);
    });
    return { child, pid };
  }

  it('that was ended takes its server along', async () => {
    const { child, pid } = await verifyAside();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect([isRunning(pid), scratches(), socketFolders()]).toEqual([false, [], []]);
  });

  it('that was killed leaves a server behind, which the next one ends', async () => {
    const { child, pid } = await verifyAside();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(scratches()).toHaveLength(1);
    expect(isRunning(pid)).toBe(true);
    await verifyBackup({ layout, progress, backup: first });
    expect(isRunning(pid)).toBe(false);
    expect([scratches(), socketFolders()]).toEqual([[], []]);
  });
});

describe('a backup of a stopped portal', () => {
  it('is made of its data folder, and has the same content', async () => {
    const { manifest: running } = await backup({ to: join(folder, 'running') });
    await postgres.stop();
    const { manifest: stopped, path } = await backup({ to: join(folder, 'stopped') });
    expect(stopped.source).toBe('stopped');
    expect(stopped.tables.map(({ bytes: _, ...table }) => table)).toEqual(
      running.tables.map(({ bytes: _, ...table }) => table),
    );
    await verifyBackup({ layout, progress, backup: path });
  });

  it('is refused where there is no data, or a server that nobody supervises', async () => {
    const empty = layoutOf(root, join(folder, 'empty'));
    const to = join(folder, 'unmade');
    await expect(backup({ layout: empty, to })).rejects.toMatchObject({ code: 'BACKUP.NO_DATA' });
    await start();
    const blind = { ...layout, state: join(folder, 'no-state.json') };
    await expect(backup({ layout: blind, to })).rejects.toMatchObject({ code: 'BACKUP.SERVER_UNKNOWN' });
    expect(readdirSync(to)).toEqual([]);
  });

  it('is refused for a server of the user', async () => {
    const foreign = readSettings({ DATABASE_URL: 'postgres://me:secret@db.example/portal' });
    await expect(
      makeBackup({ layout, settings: foreign, secrets, progress, to: folder, keep: undefined }),
    ).rejects.toMatchObject({ code: 'BACKUP.FOREIGN_DATABASE' });
  });
});

describe('a restore in place', () => {
  const restore = (confirmed: string | undefined, use = secrets) =>
    restoreInPlace({ layout, secrets: use, progress, backup: first, confirmed });

  it('needs the name of the database, and a portal that is stopped', async () => {
    await expect(restore(undefined)).rejects.toMatchObject({ code: 'BACKUP.NOT_CONFIRMED' });
    await expect(restore('postgres')).rejects.toMatchObject({ code: 'BACKUP.NOT_CONFIRMED' });
    await expect(restore('portal')).rejects.toMatchObject({ code: 'BACKUP.SERVER_UNKNOWN' });
    const portal = spawn('sleep', ['60']);
    const holder = { pid: portal.pid, start_mark: startMarkOf(portal.pid ?? 0), started_at: '', url: null };
    writeFileSync(layout.lock, JSON.stringify(holder));
    await expect(restore('portal')).rejects.toMatchObject({ code: 'BACKUP.PORTAL_RUNNING' });
    portal.kill();
    await once(portal, 'exit');
  });

  it('brings back rows, roles and rights, under the present secrets, and keeps the data until now', async () => {
    await query('drop role if exists reporter_2; create table billing.newest (id int)');
    await postgres.stop();
    const others = {
      ...secrets,
      postgres_password: 'changed',
      database_passwords: { ...secrets.database_passwords, billing: 'changed-2' },
    };
    const { kept } = await restore('portal', others);
    expect(existsSync(join(kept ?? '', 'PG_VERSION'))).toBe(true);
    await start();
    expect(await provisionOwn(home.data, port, others)).toBe('made');
    const billing = `postgres://billing:changed-2@127.0.0.1:${port}/portal`;
    expect(await query('select sum(amount)::int as total from accounts', billing)).toEqual([
      { total: 20_000 },
    ]);
    expect(await query('select body from auth.notes where id = 77', superuser('changed'))).toEqual([
      { body: 'note 77' },
    ]);
    const rights = `select has_table_privilege('reporter', 'billing.accounts', 'select') as reads,
      to_regclass('billing.newest') as newest, to_regnamespace('gridworks_scratch') as scratch`;
    expect(await query(rights, superuser('changed'))).toEqual([{ reads: true, newest: null, scratch: null }]);
    expect(scratches()).toEqual([]);
  });
});

describe('the commands', () => {
  it('say what the file system refuses', async () => {
    const { code, output } = await run('backup', '--to', join(first, 'data.tar.gz', 'inside'));
    expect(output).toContain('(BACKUP.FILE_FAILED)');
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it.each<['backup' | 'restore', string[]]>([
    ['backup', ['--keep', '0']],
    ['backup', ['--keep', 'all']],
    ['backup', ['--every', '1h']],
    ['restore', []],
    ['restore', ['--verify', '--in-place']],
    ['restore', ['--in-place']],
    ['restore', ['--verify', 'a', 'b']],
  ])('refuse %s %j', async (command, args) => {
    const { code, output } = await run(command, ...args);
    expect(output).toContain('(BACKUP.BAD_ARGUMENT)');
    expect(code).toBe(1);
  });
});
