import { randomUUID } from 'node:crypto';
import { open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

interface Owner {
  readonly token: string;
  readonly instance: string;
  readonly host: string;
  readonly pid: number;
  /**
   * Start time of the process in clock ticks since the boot of the machine, where the system provides it: pids
   * are reused.
   */
  readonly started: string | null;
}

const TOUCH_EVERY_MS = 5_000;
/**
 * A process on another host cannot be checked: an owner that has not touched its lock for this time counts as
 * gone.
 */
const STALE_AFTER_MS = 30_000;

/**
 * Claims a directory for one process, so that two gateways never relay the same journal. The claim of a dead
 * process is taken over at once. Throws with the owner's name when the owner lives.
 */
export class JournalLock {
  readonly #timer: NodeJS.Timeout;

  private constructor(
    readonly path: string,
    readonly token: string,
  ) {
    this.#timer = setInterval(() => {
      const now = new Date();
      void utimes(path, now, now).catch(() => {});
    }, TOUCH_EVERY_MS).unref();
  }

  static async acquire(directory: string, instance: string): Promise<JournalLock> {
    const path = join(directory, 'lock');
    const owner: Owner = {
      token: randomUUID(),
      instance,
      host: hostname(),
      pid: process.pid,
      started: await startOf(process.pid),
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const file = await open(path, 'wx');
        await file.writeFile(JSON.stringify(owner));
        await file.close();
        return new JournalLock(path, owner.token);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await readOwner(path);
      if (holder && (await lives(holder, path)))
        throw new Error(
          `the journal ${directory} is in use by ${holder.instance} (process ${holder.pid} on ${holder.host})`,
        );
      // Rename the stale lock first: of two processes that find it only one succeeds, and the other finds no
      // file.
      const stale = `${path}.${owner.token}`;
      await rename(path, stale).then(
        () => unlink(stale),
        () => {},
      );
    }
    throw new Error(`the journal ${directory} could not be locked`);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    const holder = await readOwner(this.path);
    if (holder?.token === this.token) await unlink(this.path).catch(() => {});
  }
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

async function lives(owner: Owner, path: string): Promise<boolean> {
  if (owner.host !== hostname()) {
    const touched = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - touched < STALE_AFTER_MS;
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await startOf(owner.pid)) === owner.started;
}

async function startOf(pid: number): Promise<string | null> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    // A killed process whose parent has not waited for it is a zombie and writes no more.
    return fields[0] === 'Z' ? 'dead' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
