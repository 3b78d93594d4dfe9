import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../files/write-file.ts';
import { isRunning, startMarkOf, startTimeOf } from './process-tree.ts';

/** The content of `.local/supervisor.json`. */
export interface LockHolder {
  readonly pid: number;
  /** Identifies the run of the pid: see `startMarkOf`. Locks of earlier versions have none. */
  readonly start_mark?: string | null;
  /** RFC 3339: when the lock was taken, within seconds of the start of the process. */
  readonly started_at: string;
  /**
   * The address of gateway HTTP, for another start that finds the lock taken; null while a free port is still
   * to be found.
   */
  readonly url: string | null;
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
 * holder is gone is replaced. Returns a function that releases it.
 */
export function takeLock(path: string, url: string | null): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const mine: LockHolder = {
    pid: process.pid,
    start_mark: startMarkOf(process.pid),
    started_at: new Date().toISOString(),
    url,
  };
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(mine)}\n`, { mode: 0o600 });
    for (;;) {
      try {
        // A link is created as a whole or not at all, and never over an existing file: of two processes one
        // wins.
        linkSync(draft, path);
        return () => release(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readLock(path);
      if (holder && isStillRunning(holder)) throw new AlreadyRunningError(holder);
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes the address of gateway HTTP into the lock of this process. */
export function writeLockUrl(path: string, url: string): void {
  const holder = readLock(path);
  if (holder?.pid !== process.pid) return;
  writeFileAtomic(path, `${JSON.stringify({ ...holder, url })}\n`, { mode: 0o600, durable: false });
}

/** Null when there is no lock, or one that was not written completely. */
export function readLock(path: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null;
  } catch {
    return null;
  }
}

/** A lock is taken at most this long after the start of its process, ms; only for locks without a mark. */
const TAKEN_WITHIN_MS = 60_000;
/** The accuracy of start times, ms. */
const CLOCK_MS = 3_000;

/** Pids are reused: the holder's may belong to any process by now, for instance to another node program. */
function isStillRunning({ pid, start_mark, started_at }: LockHolder): boolean {
  if (pid === process.pid || !isRunning(pid)) return false;
  if (start_mark) return startMarkOf(pid) === start_mark;
  const after = Date.parse(started_at) - (startTimeOf(pid) ?? Number.NaN);
  return after > -CLOCK_MS && after < TAKEN_WITHIN_MS;
}

function release(path: string): void {
  if (readLock(path)?.pid === process.pid) rmSync(path, { force: true });
}
