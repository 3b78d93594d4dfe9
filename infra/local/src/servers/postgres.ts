import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probePostgres } from '../supervise/probes.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import { commandOf, isRunning, killLeftovers, processesIn } from '../supervise/process-tree.ts';
import { StepError } from '../terminal/progress.ts';
import type { PostgresHome } from './postgres-home.ts';
import { serverEnvironment } from './server-context.ts';

/** Small, since one machine runs everything; durable, since PostgreSQL is the source of truth. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  shared_buffers: '48MB',
  max_wal_size: '256MB',
  max_parallel_workers: '0',
  max_worker_processes: '2',
  jit: 'off',
  log_checkpoints: 'off',
  // Which statements take how long; `pg_stat_statements.max` bounds its memory.
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '1000',
  // PostgreSQL 18 starts three processes for read-ahead; a database this small fits in memory.
  io_method: 'sync',
};

/** PostgreSQL itself: the supervisor starts the postmaster directly. */
export function postgresSpec(home: PostgresHome, port: number): ProcessSpec {
  const { data, owner, postgres } = home;
  // After kill -9 of the postmaster its children continue for a moment, or for ever when frozen.
  const strays = () => processesIn(data).filter((pid) => /(^|\/)postgres\b/.test(commandOf(pid)));
  return {
    name: 'postgres',
    kind: 'server',
    service: null,
    ports: [port],
    prepare: () => clearRemains(home, strays),
    command: () => ({
      file: postgres,
      args: [
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      env: serverEnvironment(),
      cwd: data,
      ...owner,
    }),
    probe: (signal) => probePostgres(port, signal),
    strays,
    // Fast shutdown: sessions are ended, everything is written.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 15_000,
    stopRank: 1,
  };
}

/**
 * The server does not start when its pid file names a process that is gone, or that belongs to another
 * program by now, or when children of a killed postmaster are frozen.
 */
async function clearRemains({ data }: PostgresHome, strays: () => number[]): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  // This program must not end a living postmaster; the start will fail, and its message gives the reason.
  if (pid > 0 && isRunning(pid) && commandOf(pid).includes(data)) return;
  await killLeftovers(0, strays);
  rmSync(file, { force: true });
}

/**
 * Creates the data folder when it does not exist. It is created beside its place and moved there when
 * complete, so that an interrupted start leaves no partial folder. Throws StepError for a folder of another
 * version or a broken one.
 */
export async function ensureCluster(
  home: PostgresHome,
  superuserPassword: string,
): Promise<'made' | 'found'> {
  const versionFile = join(home.data, 'PG_VERSION');
  if (existsSync(home.data)) {
    const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : null;
    if (version === home.major && existsSync(join(home.data, 'global', 'pg_control'))) return 'found';
    throw new StepError(
      version !== null && version !== home.major
        ? `the data folder was written by PostgreSQL ${version}, and this is ${home.major}: ${home.data}`
        : `the data folder is not a complete PostgreSQL database: ${home.data}`,
      [
        'To keep the data: move the folder away and load a dump of it later.',
        'To start over with nothing: npm start -- --fresh',
      ],
    );
  }
  const draft = join(home.folder, 'data.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(home.folder, 'password');
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  try {
    if (home.owner) for (const path of [draft, passwordFile]) chownSync(path, home.owner.uid, home.owner.gid);
    await initialize(home, draft, passwordFile);
    renameSync(draft, home.data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  return 'made';
}

function initialize(home: PostgresHome, folder: string, passwordFile: string): Promise<void> {
  const args = [
    ...['--pgdata', folder, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(home.initdb, args, {
      ...home.owner,
      cwd: home.folder,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new StepError('initdb failed', errors.trim().split('\n').slice(-10)));
    });
  });
}
