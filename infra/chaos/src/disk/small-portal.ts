import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cloneId, layoutOf } from '../../../local/src/files/layout.ts';
import { outsideFolder } from '../../../local/src/servers/postgres-home.ts';
import { readEnvironment } from '../../../local/src/settings/read-environment.ts';
import { endLeftovers, findLeftovers } from '../../../local/src/supervise/leftovers.ts';
import { commandOf, isRunning, sendSignal } from '../../../local/src/supervise/process-tree.ts';
import { readState } from '../../../local/src/supervise/state-file.ts';
import { logIn } from '../requests/probe-partner.ts';
import { PortalClient } from '../system/portal-client.ts';
import { NotRunningError, RunningSystem } from '../system/running-system.ts';

/** No small disk can be had here; the message says what to do. */
export class NoSmallDiskError extends Error {
  override readonly name = 'NoSmallDiskError';
  readonly code = 'NO_SMALL_DISK';
}

const MB = 1024 * 1024;
/** A new portal takes about 200 MB, its reserve included. */
const DISK_MB = 512;
/** A larger disk is nobody's small one: it is not filled. */
const MOST_MB = 4096;
const READY_WITHIN_MS = 120_000;
const ENDS_WITHIN_MS = 30_000;
/** Servers of the user would be filled as well. */
const NOT_PASSED = ['NODE_OPTIONS', 'NATS_URL', 'DATABASE_URL', 'REDIS_URL', 'SMTP_URL'];

/**
 * A whole portal of its own, as `npm start` runs it, whose folder is a small disk that can be filled to the last byte. The streams of NATS
 * are on another disk: a full disk takes JetStream away for good, which `nats-freeze` and its like are about.
 */
export class SmallPortal {
  readonly system: RunningSystem;
  readonly #child: ChildProcess;
  readonly #base: string;

  private constructor(system: RunningSystem, child: ChildProcess, base: string) {
    this.system = system;
    this.#child = child;
    this.#base = base;
  }

  /**
   * Removes what a killed run has left, makes the disk (a tmpfs, which needs root on Linux; elsewhere CHAOS_DISK names an empty folder on a
   * small disk) and starts the portal. Throws NoSmallDiskError, or NotRunningError when the portal does not come up.
   */
  static async start(root: string, say: (text: string) => void): Promise<SmallPortal> {
    const base = join(tmpdir(), `gridworks-chaos-${cloneId(root)}`);
    const given = process.env.CHAOS_DISK;
    const disk = given ?? join(base, 'disk');
    await removeLeftovers(base, disk);
    mkdirSync(join(base, 'nats'), { recursive: true, mode: 0o755 });
    if (given === undefined) mountSmallDisk(disk);
    else requireSmall(disk);
    const local = join(disk, 'portal');
    mkdirSync(local, { mode: 0o755 });
    symlinkSync(join(base, 'nats'), join(local, 'nats'));
    say(`a portal of its own starts on a disk of ${Math.round(sizeOf(disk) / MB)} MB`);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...{ LOCAL_DIR: local, PORT: '0', MAIL_PORT: '0', GRIDWORKS_PARENT_PID: String(process.pid) },
    };
    // Empty, since `.env` would set them again.
    for (const name of NOT_PASSED) env[name] = '';
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, 'infra/local/src/commands/start.ts'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C is for the experiment, which ends the portal in its turn.
      detached: true,
    });
    const portal = new SmallPortal(new RunningSystem(readEnvironment(root, { ...env })), child, base);
    try {
      await untilReady(child);
      await untilAdminLogsIn(portal.system);
      return portal;
    } catch (error) {
      await portal.stop();
      throw error;
    }
  }

  /** Ends the portal and removes the disk. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGTERM');
      await Promise.race([ended, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
    }
    await removeLeftovers(this.#base, process.env.CHAOS_DISK ?? join(this.#base, 'disk'));
  }
}

async function untilReady(child: ChildProcess): Promise<void> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => {
      text = `${text}${part}`.slice(-5000);
    });
  for (const until = Date.now() + READY_WITHIN_MS; !/^\s*ready /m.test(text); await sleep(100)) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > until)
      throw new NotRunningError(`the portal on the small disk does not come up:\n${text}`);
  }
}

/** The admin of a new portal is made in the background. Few tries: wrong ones are counted. */
async function untilAdminLogsIn(system: RunningSystem): Promise<void> {
  const client = new PortalClient(system.url);
  const { email, password } = system.admin;
  try {
    for (const until = Date.now() + READY_WITHIN_MS; ; await sleep(3000)) {
      try {
        await logIn(client, email, password);
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  } finally {
    client.close();
  }
}

/** Ends the processes of a portal on that disk, unmounts it, and deletes its folder. */
export async function removeLeftovers(base: string, disk: string): Promise<void> {
  const layout = layoutOf(base, join(disk, 'portal'));
  const supervisor = supervisorOf(layout.lock);
  if (supervisor !== null) {
    sendSignal(supervisor, 'SIGTERM');
    for (const until = Date.now() + ENDS_WITHIN_MS; isRunning(supervisor) && Date.now() < until; )
      await sleep(100);
    if (isRunning(supervisor)) sendSignal(supervisor, 'SIGKILL');
  }
  await endLeftovers(findLeftovers(layout.marker, readState(layout.state)));
  for (const folder of [layout.local, outsideFolder(layout)])
    rmSync(folder, { recursive: true, force: true });
  while (isMounted(join(base, 'disk'))) execFileSync('umount', ['-l', join(base, 'disk')], { stdio: 'pipe' });
  rmSync(base, { recursive: true, force: true });
}

/** The supervisor that holds the lock, as long as the process is one. */
function supervisorOf(lock: string): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number };
    return isRunning(pid) && commandOf(pid).includes('commands/start.ts') ? pid : null;
  } catch {
    return null;
  }
}

function mountSmallDisk(folder: string): void {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'gridworks-chaos', folder], {
      stdio: 'pipe',
    });
  } catch {
    throw new NoSmallDiskError(
      'a small disk is needed: run it as root on Linux, or name an empty folder on a disk of 512 MB to 4 GB in CHAOS_DISK',
    );
  }
}

function requireSmall(folder: string): void {
  const isFit = existsSync(folder) && readdirSync(folder).every((name) => name === 'lost+found');
  if (isFit && sizeOf(folder) >= (DISK_MB - 64) * MB && sizeOf(folder) <= MOST_MB * MB) return;
  throw new NoSmallDiskError(`CHAOS_DISK=${folder} is no empty folder on a disk of ${DISK_MB} MB to 4 GB`);
}

const isMounted = (folder: string): boolean =>
  existsSync('/proc/self/mounts') && readFileSync('/proc/self/mounts', 'utf8').includes(` ${folder} `);

function sizeOf(folder: string): number {
  const { blocks, bsize } = statfsSync(folder);
  return blocks * bsize;
}
