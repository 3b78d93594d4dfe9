import { join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import { findPostgresHome, type PostgresHome } from '../servers/postgres-home.ts';
import type { Progress } from '../terminal/progress.ts';
import { BackupError } from './backup-errors.ts';
import { checkIntegrity } from './check-integrity.ts';
import { compareContent } from './compare-content.ts';
import { unpackArchive } from './data-archive.ts';
import { lockBackups } from './hold-lock.ts';
import { describeContent, describeIntegrity } from './make-backup.ts';
import { ARCHIVE_FILE, type Manifest, readManifest } from './manifest.ts';
import { readContent } from './read-content.ts';
import { ScratchServer } from './scratch-server.ts';

export interface VerifyOptions {
  readonly layout: Layout;
  readonly progress: Progress;
  /** The folder of the backup. */
  readonly backup: string;
}

/**
 * Restores a backup into a scratch server and compares it with its manifest. The portal may run meanwhile. Throws
 * BackupError: DAMAGED, DIFFERS (its advice has each difference), OTHER_VERSION, MANIFEST_UNREADABLE, BUSY.
 */
export async function verifyBackup({ layout, progress, backup }: VerifyOptions): Promise<Manifest> {
  const release = lockBackups(layout);
  try {
    const home = await findPostgresHome(layout);
    return await withRestored(home, backup, progress, async ({ manifest }) => manifest);
  } finally {
    release();
  }
}

/**
 * Lends a scratch server that runs over the restored and compared data of a backup; it is gone afterwards. The caller holds the lock
 * of backups.
 */
export async function withRestored<T>(
  home: PostgresHome,
  backup: string,
  progress: Progress,
  work: (restored: { manifest: Manifest; scratch: ScratchServer }) => Promise<T>,
): Promise<T> {
  const manifest = readManifest(backup);
  if (manifest.server_major !== home.major)
    throw new BackupError(
      'BACKUP.OTHER_VERSION',
      `the backup was written by PostgreSQL ${manifest.server_major}, and this is ${home.major}`,
      ['Use the version of the portal that wrote it.'],
    );
  const scratch = await ScratchServer.create(home);
  try {
    await progress.step('unpack', () =>
      unpackArchive(join(backup, ARCHIVE_FILE), manifest.archive, scratch.data, home.owner),
    );
    await progress.step('start', () => scratch.start());
    await progress.step('compare', async (detail) => {
      const found = await scratch.use(manifest.database, (client) => readContent(client, detail));
      const differences = compareContent(manifest, found);
      if (differences.length > 0)
        throw new BackupError('BACKUP.DIFFERS', `${backup} differs from its manifest`, differences);
      detail(`${describeContent(found)}: as in the manifest`);
    });
    await progress.step('integrity', async (detail) => {
      const found = await scratch.use(manifest.database, checkIntegrity);
      if (found && found.damaged.length > 0)
        throw new BackupError('BACKUP.DAMAGED', 'PostgreSQL finds damage in the backup', found.damaged);
      detail(describeIntegrity(found));
    });
    return await work({ manifest, scratch });
  } finally {
    await scratch.remove();
  }
}
