import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import { writeFileAtomic } from '../files/write-file.ts';
import { findPostgresHome } from '../servers/postgres-home.ts';
import { DATABASE_NAME } from '../settings/addresses.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { Settings } from '../settings/settings.ts';
import type { Progress } from '../terminal/progress.ts';
import { createDraft, keepNewest, publishDraft } from './backup-store.ts';
import { checkIntegrity, type Integrity } from './check-integrity.ts';
import { unpackArchive, writeArchive } from './data-archive.ts';
import { lockBackups } from './hold-lock.ts';
import { ARCHIVE_FILE, FORMAT, MANIFEST_FILE, type Manifest } from './manifest.ts';
import { openSource, requireOwnDatabase } from './open-source.ts';
import { readContent } from './read-content.ts';
import { reportBytes } from './report-bytes.ts';
import { removeScratch, ScratchServer } from './scratch-server.ts';

export interface BackupOptions {
  readonly layout: Layout;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly progress: Progress;
  /** The folder that gets the backup; it and its parents are created. */
  readonly to: string;
  /** How many backups stay in that folder; undefined: all. */
  readonly keep: number | undefined;
}

export interface BackupResult {
  readonly path: string;
  readonly manifest: Manifest;
  /** Null: `amcheck` is not installed. */
  readonly integrity: Integrity | null;
  readonly deleted: readonly string[];
}

/**
 * Copies the database of a portal, running or stopped, starts a scratch server from the copy, and lists its content in the
 * manifest: what cannot be restored never becomes a backup. Older backups are deleted only after that. Throws
 * BackupError, or the error of the file system; then nothing is left behind.
 */
export async function makeBackup(options: BackupOptions): Promise<BackupResult> {
  const { layout, settings, secrets, progress, to, keep } = options;
  requireOwnDatabase(settings);
  const release = lockBackups(layout);
  try {
    const home = await findPostgresHome(layout);
    await removeScratch(home);
    const draft = createDraft(layout, to);
    try {
      const file = join(draft, ARCHIVE_FILE);
      const source = openSource(layout, home, secrets);
      const archive = await progress
        .step('copy', async (detail) => {
          const copied = await reportBytes(progress, (report) => writeArchive(source.tar, file, report));
          detail(`${megabytes(copied.data_bytes)} of data, ${megabytes(copied.bytes)} compressed`);
          return copied;
        })
        .finally(() => source.close());
      const at = new Date();
      const scratch = await ScratchServer.create(home);
      try {
        await progress.step('unpack', () => unpackArchive(file, archive, scratch.data, home.owner));
        await progress.step('start', () => scratch.start());
        const content = await progress.step('content', async (detail) => {
          const read = await scratch.use(DATABASE_NAME, (client) => readContent(client, detail));
          detail(describeContent(read));
          return read;
        });
        const integrity = await progress.step('integrity', async (detail) => {
          const checked = await scratch.use(DATABASE_NAME, checkIntegrity);
          detail(describeIntegrity(checked));
          return checked;
        });
        const manifest: Manifest = {
          format: FORMAT,
          created_at: at.toISOString(),
          product_version: JSON.parse(readFileSync(join(layout.root, 'package.json'), 'utf8')).version,
          source: source.kind,
          server_version: await scratch.use('postgres', async (client) => {
            return (await client.query('show server_version')).rows[0].server_version;
          }),
          server_major: home.major,
          database: DATABASE_NAME,
          archive,
          ...content,
        };
        writeFileAtomic(join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, {
          mode: 0o600,
        });
        const path = publishDraft(draft, at);
        return { path, manifest, integrity, deleted: keep === undefined ? [] : keepNewest(to, keep) };
      } finally {
        await scratch.remove();
      }
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  } finally {
    release();
  }
}

export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

export function describeContent({ tables }: Pick<Manifest, 'tables'>): string {
  const rows = tables.reduce((sum, each) => sum + each.rows, 0);
  return `${tables.length} tables, ${rows} rows`;
}

export const describeIntegrity = (found: Integrity | null): string =>
  found === null
    ? 'not checked: the extension amcheck is not installed'
    : `${found.tables} tables and ${found.indexes} indexes, ${found.damaged.length} damaged`;
