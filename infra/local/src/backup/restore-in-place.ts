import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import { findPostgresHome } from '../servers/postgres-home.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { Progress } from '../terminal/progress.ts';
import { BackupError } from './backup-errors.ts';
import { lockBackups, lockPortal } from './hold-lock.ts';
import { readManifest } from './manifest.ts';
import { requireStopped } from './open-source.ts';
import { withRestored } from './verify-backup.ts';

export interface RestoreOptions {
  readonly layout: Layout;
  readonly secrets: Secrets;
  readonly progress: Progress;
  /** The folder of the backup. */
  readonly backup: string;
  /** The human's decision: it must be the name of the database that is replaced. */
  readonly confirmed: string | undefined;
}

/**
 * Replaces the data of a stopped portal by a backup that was verified right before. The present data stays beside
 * it under another name. The portal's secrets are used from then on: the superuser gets the present password, and the next start
 * gives the services theirs. Returns where the old data is; null when there was none. Throws BackupError as `verifyBackup` does, and
 * NOT_CONFIRMED, PORTAL_RUNNING, SERVER_UNKNOWN; then nothing has changed.
 */
export async function restoreInPlace(options: RestoreOptions): Promise<{ kept: string | null }> {
  const { layout, secrets, progress, backup, confirmed } = options;
  const { database } = readManifest(backup);
  if (confirmed !== database) {
    throw new BackupError(
      'BACKUP.NOT_CONFIRMED',
      `this replaces all data of the database ${database} by those of ${backup}`,
      [`Confirm it by its name: npm run restore -- --in-place ${backup} --confirm ${database}`],
    );
  }
  const releasePortal = lockPortal(layout);
  try {
    const releaseBackups = lockBackups(layout);
    try {
      const home = await findPostgresHome(layout);
      requireStopped(home);
      return await withRestored(home, backup, progress, async ({ scratch }) => {
        await scratch.use('postgres', (client) =>
          client.query(`alter role postgres password ${client.escapeLiteral(secrets.postgres_password)}`),
        );
        // The check of integrity left its extension there.
        await scratch.use(database, (client) =>
          client.query('drop schema if exists gridworks_scratch cascade'),
        );
        await scratch.stop();
        // Without its stamp the data is provisioned again: roles get the present passwords.
        rmSync(join(scratch.data, 'gridworks.provisioned'), { force: true });
        const kept = existsSync(home.data)
          ? join(home.folder, `data.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`)
          : null;
        if (kept) renameSync(home.data, kept);
        renameSync(scratch.data, home.data);
        return { kept };
      });
    } finally {
      releaseBackups();
    }
  } finally {
    releasePortal();
  }
}
