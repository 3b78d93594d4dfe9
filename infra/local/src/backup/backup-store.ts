import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { cloneId, type Layout } from '../files/layout.ts';
import { BackupError } from './backup-errors.ts';
import { MANIFEST_FILE } from './manifest.ts';

/** A backup is a folder with this name, so that names in their order are backups in their order. */
const NAME = /^backup-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/;

export const backupName = (at: Date): string => `backup-${at.toISOString().replaceAll(/[:.]/g, '-')}`;

/** The complete backups in a folder, oldest first. */
export function listBackups(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name) && existsSync(join(folder, name, MANIFEST_FILE)))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The folder of a backup: by its name or path, the newest one of a folder of backups, or the newest of all when
 * nothing is named. Throws BackupError NOT_FOUND.
 */
export function findBackup(layout: Layout, named: string | undefined): string {
  if (named === undefined) return newestIn(layout.backups);
  const path = existsSync(resolve(named)) ? resolve(named) : join(layout.backups, named);
  // A file of a backup stands for its backup.
  const folder = existsSync(join(dirname(path), MANIFEST_FILE)) ? dirname(path) : path;
  if (!existsSync(folder))
    throw new BackupError('BACKUP.NOT_FOUND', `there is no backup ${named}`, list(layout));
  return existsSync(join(folder, MANIFEST_FILE)) || NAME.test(basename(folder)) ? folder : newestIn(folder);
}

function newestIn(folder: string): string {
  const newest = listBackups(folder).at(-1);
  if (newest) return newest;
  throw new BackupError('BACKUP.NOT_FOUND', `there is no backup in ${folder}`, ['Make one: npm run backup']);
}

function list(layout: Layout): string[] {
  const names = listBackups(layout.backups).map((path) => basename(path));
  return names.length === 0 ? ['Make one: npm run backup'] : [`There are ${names.slice(-5).join(', ')}.`];
}

/** Deletes the oldest backups of a folder, until `keep` are left. Returns the deleted ones. */
export function keepNewest(folder: string, keep: number): string[] {
  const deleted = listBackups(folder).slice(0, -keep);
  for (const path of deleted) rmSync(path, { recursive: true });
  return deleted;
}

/**
 * A folder for a backup that is not complete yet; its name says so, and to which portal it belongs. Drafts of
 * killed processes are deleted: the caller holds the lock of this portal's backups.
 */
export function createDraft(layout: Layout, folder: string): string {
  const prefix = `.draft-${cloneId(layout.local)}-`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder))
    if (name.startsWith(prefix)) rmSync(join(folder, name), { recursive: true, force: true });
  const draft = join(folder, `${prefix}${process.pid}`);
  mkdirSync(draft, { mode: 0o700 });
  return draft;
}

/** Gives a complete backup its name. */
export function publishDraft(draft: string, at: Date): string {
  const path = join(dirname(draft), backupName(at));
  renameSync(draft, path);
  return path;
}
