import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandOf, isRunning } from './process-tree.ts';

/** The content of `.local/supervisor.json`. */
export interface LockHolder {
  readonly pid: number;
  /** RFC 3339. */
  readonly started_at: string;
  /** The address of the door, for whoever finds the lock taken. */
  readonly url: string;
}

/** Another supervisor runs this clone. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  readonly holder: LockHolder;

  constructor(holder: LockHolder) {
    super(`already running as pid ${holder.pid} since ${holder.started_at}`);
    this.holder = holder;
  }
}

/**
 * Takes the lock for this process. Throws AlreadyRunningError when a live supervisor holds it; a lock whose
 * holder is gone is replaced. Answers the function that gives it back.
 */
export function takeLock(path: string, url: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine: LockHolder = { pid: process.pid, started_at: new Date().toISOString(), url };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(mine)}\n`);
  try {
    for (;;) {
      try {
        // A link is made whole or not at all, and never over an existing file: two can race, one wins.
        linkSync(draft, path);
        return () => release(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readLock(path);
      if (holder && isSupervisor(holder.pid)) throw new AlreadyRunningError(holder);
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Null when there is no lock, or one that was cut short in writing. */
export function readLock(path: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null;
  } catch {
    return null;
  }
}

/** Pids are used again: after a reboot the holder's may belong to anybody. */
function isSupervisor(pid: number): boolean {
  return pid !== process.pid && isRunning(pid) && /\bnode\b/.test(commandOf(pid));
}

function release(path: string): void {
  if (readLock(path)?.pid === process.pid) rmSync(path, { force: true });
}
