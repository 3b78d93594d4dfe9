import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupError } from './backup-errors.ts';
import type { DatabaseContent } from './read-content.ts';

/** The version of the format that this code writes, and the only one that it reads. */
export const FORMAT = 1;
export const MANIFEST_FILE = 'manifest.json';
export const ARCHIVE_FILE = 'data.tar.gz';

/** `manifest.json` of a backup. It names no secret. */
export interface Manifest extends DatabaseContent {
  readonly format: number;
  /** RFC 3339: when the copy was complete. */
  readonly created_at: string;
  readonly product_version: string;
  /** `running`: streamed by PostgreSQL; `stopped`: read from the folder of a server that did not run. */
  readonly source: 'running' | 'stopped';
  readonly server_version: string;
  readonly server_major: string;
  readonly database: string;
  /** The archive: PostgreSQL's data folder as a compressed tar. `data_bytes`: before the compression. */
  readonly archive: { readonly bytes: number; readonly sha256: string; readonly data_bytes: number };
}

/** Throws BackupError: MANIFEST_UNREADABLE. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  let found: Partial<Manifest>;
  try {
    found = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BackupError('BACKUP.MANIFEST_UNREADABLE', `${path} is missing or is not JSON`, [], error);
  }
  if (found?.format !== FORMAT) {
    throw new BackupError(
      'BACKUP.MANIFEST_UNREADABLE',
      `${path} has the format ${found?.format}, and this version reads ${FORMAT}`,
      ['Use the version of the portal that wrote the backup.'],
    );
  }
  if (typeof found.archive?.sha256 !== 'string' || !Array.isArray(found.tables) || !found.server_major)
    throw new BackupError('BACKUP.MANIFEST_UNREADABLE', `${path} lacks members of a manifest`);
  return found as Manifest;
}
