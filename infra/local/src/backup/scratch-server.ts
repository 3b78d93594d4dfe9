import { type ChildProcess, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { cloneId } from '../files/layout.ts';
import { lastLines } from '../files/log-file.ts';
import type { PostgresHome } from '../servers/postgres-home.ts';
import { serverEnvironment } from '../servers/server-context.ts';
import { commandOf, isRunning, killLeftovers, killTree, processesIn } from '../supervise/process-tree.ts';
import { BackupError } from './backup-errors.ts';

const PREFIX = 'scratch-';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The time that a server may take to recover from its write-ahead log, ms. */
const READY_WITHIN_MS = 600_000;
/** The time that a clean end may take, ms. */
const STOP_WITHIN_MS = 60_000;

/**
 * The data folder of a backup in a folder of its own, and a PostgreSQL over it that nobody else can reach: it listens
 * only on a socket in a folder that belongs to PostgreSQL's user, and needs no password there.
 */
export class ScratchServer {
  readonly #home: PostgresHome;
  /** Holds the data, the log and the access rules. */
  readonly #folder: string;
  readonly #sockets: string;
  #child: ChildProcess | undefined;
  /** Ends the server with this process, unless it is killed. */
  readonly #onSignal = (): void => {
    void this.remove().finally(() => process.exit(1));
  };

  private constructor(home: PostgresHome) {
    this.#home = home;
    this.#folder = join(home.folder, `${PREFIX}${process.pid}`);
    // In the folder for temporary files, since paths of sockets are short.
    this.#sockets = join(tmpdir(), `gridworks-scratch-${cloneId(home.folder)}`);
  }

  /** An empty folder for the data. What a killed process left behind is removed before. */
  static async create(home: PostgresHome): Promise<ScratchServer> {
    await removeScratch(home);
    const scratch = new ScratchServer(home);
    for (const signal of SIGNALS) process.on(signal, scratch.#onSignal);
    for (const folder of [scratch.#folder, scratch.data, scratch.#sockets]) {
      mkdirSync(folder, { mode: 0o700 });
      if (home.owner) chownSync(folder, home.owner.uid, home.owner.gid);
    }
    return scratch;
  }

  get data(): string {
    return join(this.#folder, 'data');
  }

  /** Starts the server, and waits until it has recovered. Throws BackupError DAMAGED when it does not start. */
  async start(): Promise<void> {
    const { postgres, owner } = this.#home;
    const access = join(this.#folder, 'access.conf');
    const log = join(this.#folder, 'server.log');
    writeFileSync(access, 'local all all trust\n', { mode: 0o600 });
    if (owner) chownSync(access, owner.uid, owner.gid);
    const output = openSync(log, 'w', 0o600);
    const settings = {
      listen_addresses: '',
      unix_socket_directories: this.#sockets,
      hba_file: access,
      shared_buffers: '32MB',
      max_connections: '10',
      max_worker_processes: '2',
      max_parallel_workers: '0',
      io_method: 'sync',
      autovacuum: 'off',
      jit: 'off',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(postgres, ['-D', this.data, ...args], {
      ...owner,
      cwd: this.data,
      env: serverEnvironment(),
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#child = child;
    const failed = new Promise<never>((_, reject) => {
      const fail = () =>
        reject(
          new BackupError('BACKUP.DAMAGED', 'PostgreSQL does not start from the backup', lastLines(log, 8)),
        );
      child.once('error', fail);
      child.once('exit', fail);
    });
    failed.catch(() => undefined);
    await Promise.race([this.#untilReady(), failed]);
  }

  async #untilReady(): Promise<void> {
    for (const deadline = Date.now() + READY_WITHIN_MS; ; await sleep(50)) {
      const failure = await this.use('postgres', async () => null).catch((error: Error) => error);
      if (!failure) return;
      if (Date.now() > deadline || this.#child?.exitCode !== null)
        throw new BackupError('BACKUP.DAMAGED', `the backup cannot be opened: ${failure.message}`);
    }
  }

  /** Lends a connection of the superuser to a database. Throws what `work` throws. */
  async use<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ host: this.#sockets, user: 'postgres', database, ssl: false });
    client.on('error', () => undefined); // the query fails, which is enough
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Ends the server in order, so that its data is complete without its write-ahead log. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGINT');
    for (const deadline = Date.now() + STOP_WITHIN_MS; child.exitCode === null; await sleep(20)) {
      if (Date.now() > deadline) throw new Error('the scratch server does not end');
    }
  }

  /** Ends the server at once and removes its folder. Never throws. */
  async remove(): Promise<void> {
    await removeScratch(this.#home).catch(() => undefined);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }
}

/**
 * Ends the scratch servers of this portal and removes their folders, those of killed processes too. The caller holds
 * the lock of backups, so that none of them is in use.
 */
export async function removeScratch(home: PostgresHome): Promise<void> {
  rmSync(join(tmpdir(), `gridworks-scratch-${cloneId(home.folder)}`), { recursive: true, force: true });
  if (!existsSync(home.folder)) return;
  for (const name of readdirSync(home.folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(home.folder, name);
    const data = join(folder, 'data');
    const pid = postmasterOf(data);
    const strays = () => processesIn(data);
    await (pid === null ? killLeftovers(0, strays) : killTree(pid, strays));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pid of the living server of a data folder, whoever started it; null when none lives. */
export function postmasterOf(data: string): number | null {
  const file = join(data, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  return pid > 0 && isRunning(pid) && commandOf(pid).includes(data) ? pid : null;
}
