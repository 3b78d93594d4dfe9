import { join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import { AlreadyRunningError, takeLock } from '../supervise/lock.ts';
import { BackupError } from './backup-errors.ts';

/**
 * Takes the lock of the backups and restores of a portal, and returns its release. Throws BackupError BUSY when
 * a living process holds it.
 */
export function lockBackups(layout: Layout): () => void {
  return translated(join(layout.local, 'backup.json'), ({ pid, started_at }) => [
    'BACKUP.BUSY',
    `another backup or restore is under way (pid ${pid}, since ${started_at})`,
    'Wait for its end.',
  ]);
}

/**
 * Takes the lock of the portal itself, so that it cannot start meanwhile. Throws BackupError PORTAL_RUNNING
 * when it runs.
 */
export function lockPortal(layout: Layout): () => void {
  return translated(layout.lock, ({ pid, started_at }) => [
    'BACKUP.PORTAL_RUNNING',
    `the portal of this clone runs (supervisor pid ${pid}, since ${started_at})`,
    'Stop it first (Ctrl-C in its terminal, or SIGTERM to that pid).',
  ]);
}

function translated(
  path: string,
  words: (holder: AlreadyRunningError['holder']) => ['BACKUP.BUSY' | 'BACKUP.PORTAL_RUNNING', string, string],
): () => void {
  try {
    return takeLock(path, null);
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
    const [code, message, advice] = words(error.holder);
    throw new BackupError(code, message, [advice], error);
  }
}
