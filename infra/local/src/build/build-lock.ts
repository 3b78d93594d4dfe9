import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlreadyRunningError, takeLock } from '../supervise/lock.ts';

/** What is built into the clone itself, where two builds at once would delete each other's files. */
type Build = 'packages' | 'bundle' | 'console';

const RETRY_EVERY_MS = 100;

/**
 * Does `work` while no other process of this clone builds the same. Waits for a build that runs: its files then
 * serve this process, too. The lock of a process that was killed does not count.
 */
export async function buildAlone<T>(root: string, build: Build, work: () => Promise<T>): Promise<T> {
  const path = join(root, 'node_modules', '.cache', `gridworks-${build}.lock`);
  for (;;) {
    let release: () => void;
    try {
      release = takeLock(path, null);
    } catch (error) {
      if (!(error instanceof AlreadyRunningError)) throw error;
      await sleep(RETRY_EVERY_MS);
      continue;
    }
    try {
      return await work();
    } finally {
      release();
    }
  }
}
