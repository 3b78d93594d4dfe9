import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import type { PostgresHome } from '../servers/postgres-home.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { Settings } from '../settings/settings.ts';
import { isRunning } from '../supervise/process-tree.ts';
import { readState } from '../supervise/state-file.ts';
import { BackupError } from './backup-errors.ts';
import { readDataFolder } from './data-archive.ts';
import { lockPortal } from './hold-lock.ts';
import type { Manifest } from './manifest.ts';
import { postmasterOf } from './scratch-server.ts';
import { streamBaseBackup } from './stream-base-backup.ts';

/** The data of a portal as a tar that PostgreSQL can start from. `close`: whether or not it was read to its end. */
export interface Source {
  readonly kind: Manifest['source'];
  readonly tar: NodeJS.ReadableStream;
  close(): void;
}

/** Backups are made of the PostgreSQL that `npm start` runs. Throws BackupError FOREIGN_DATABASE. */
export function requireOwnDatabase(settings: Settings): void {
  if (!settings.databaseUrl) return;
  throw new BackupError('BACKUP.FOREIGN_DATABASE', 'DATABASE_URL names a PostgreSQL server of yours', [
    'Back it up with the tools of its version (pg_basebackup, pg_dump) or of its provider.',
    'Unset DATABASE_URL (also in .env) to work on the PostgreSQL that npm start runs.',
  ]);
}

/**
 * While the portal runs, its PostgreSQL streams the data; otherwise the data folder is read, and the portal
 * cannot start meanwhile. Throws BackupError: NO_DATA, SERVER_UNKNOWN.
 */
export function openSource(layout: Layout, home: PostgresHome, secrets: Secrets): Source {
  const running = readState(layout.state).find(({ name }) => name === 'postgres');
  const [port] = running?.ports ?? [];
  if (port !== undefined && running?.pid && isRunning(running.pid)) {
    const address = { host: '127.0.0.1', port, user: 'postgres', password: secrets.postgres_password };
    const tar = streamBaseBackup({ ...address, application_name: 'gridworks:backup' }, 'gridworks');
    return { kind: 'running', tar, close: () => undefined };
  }
  const release = lockPortal(layout);
  try {
    requireStopped(home);
    if (!existsSync(join(home.data, 'PG_VERSION')))
      throw new BackupError('BACKUP.NO_DATA', `there is no database in ${home.data}`, [
        'Start the portal once: npm start',
      ]);
    return { kind: 'stopped', tar: readDataFolder(home.data), close: release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Throws BackupError SERVER_UNKNOWN when a server lives over the data although no supervisor runs it. */
export function requireStopped(home: PostgresHome): void {
  const pid = postmasterOf(home.data);
  if (pid === null) return;
  throw new BackupError(
    'BACKUP.SERVER_UNKNOWN',
    `PostgreSQL (pid ${pid}) uses the data folder, and no supervisor of this portal runs it`,
    ['npm start ends it and starts another one; or end it yourself with SIGINT.'],
  );
}
