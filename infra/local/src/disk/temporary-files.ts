import { type Dirent, lstatSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cloneId, type Layout } from '../files/layout.ts';
import { isRunning } from '../supervise/process-tree.ts';

/** A kind of temporary files. */
export interface TemporaryFiles {
  readonly what: string;
  /** The folders that they are in, as paths; not their subfolders. */
  readonly folders: (layout: Layout) => readonly string[];
  /** Its first group is the id of the process that owns the file. */
  readonly pattern: (layout: Layout) => RegExp;
  readonly kind: 'file' | 'folder';
}

/**
 * Everything that counts as a temporary file: what a process of ours had begun to write and would have renamed or deleted.
 * What is not in this table is never deleted.
 */
export const TEMPORARY_FILES: readonly TemporaryFiles[] = [
  {
    what: 'drafts of whole files, mails and archives of logs',
    folders: ({ local, run, mail, logs }) => [local, run, mail, logs],
    pattern: () => /\.(\d+)\.\d+\.tmp$/,
    kind: 'file',
  },
  {
    what: 'drafts of the healer’s state',
    folders: ({ healerState }) => subfoldersOf(healerState),
    pattern: () => /\.(\d+)\.new$/,
    kind: 'file',
  },
  {
    what: 'backups that were not finished',
    folders: ({ backups }) => [backups],
    pattern: ({ local }) => new RegExp(`^\\.draft-${cloneId(local)}-(\\d+)$`),
    kind: 'folder',
  },
];

/** A younger file may belong to a process that has just begun. */
export const TEMPORARY_AGE_MS = 60_000;

export interface RemovedFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Deletes the temporary files of processes that do not live any more. Left alone: what has another name, what a living process owns (even
 * one that got the id later), what is younger than a minute, links, and everything in a folder that a link leads to outside of
 * the portal's folder. A file that cannot be deleted is left out.
 */
export function removeTemporaryFiles(layout: Layout, now = Date.now()): RemovedFile[] {
  return TEMPORARY_FILES.flatMap(({ folders, kind, pattern }) =>
    folders(layout)
      .filter((folder) => isInside(folder, layout.local))
      .flatMap((folder) => entriesOf(folder).map((entry) => ({ entry, path: join(folder, entry.name) })))
      .flatMap(({ entry, path }): RemovedFile[] => {
        const owner = Number(pattern(layout).exec(entry.name)?.[1] ?? Number.NaN);
        const fits = kind === 'file' ? entry.isFile() : entry.isDirectory();
        if (!fits || !Number.isSafeInteger(owner) || isRunning(owner)) return [];
        return removeIfOld(path, now);
      }),
  );
}

function removeIfOld(path: string, now: number): RemovedFile[] {
  try {
    const { isDirectory, mtimeMs, bytes } = lookAt(path);
    if (now - mtimeMs < TEMPORARY_AGE_MS) return [];
    rmSync(path, { recursive: isDirectory });
    return [{ path, bytes }];
  } catch {
    return [];
  }
}

function lookAt(path: string): { isDirectory: boolean; mtimeMs: number; bytes: number } {
  const found = lstatSync(path);
  const isDirectory = found.isDirectory();
  // A backup in its making is a flat folder; whichever of its files was written last tells its age.
  const inside = isDirectory ? readdirSync(path).map((name) => lstatSync(join(path, name))) : [];
  return {
    isDirectory,
    mtimeMs: Math.max(found.mtimeMs, ...inside.map(({ mtimeMs }) => mtimeMs)),
    bytes: isDirectory ? inside.reduce((sum, { size }) => sum + size, 0) : found.size,
  };
}

/** Whether a folder is, by its real path, the portal's folder or inside of it. */
function isInside(folder: string, local: string): boolean {
  try {
    const real = realpathSync(folder);
    const base = realpathSync(local);
    return real === base || real.startsWith(base + sep);
  } catch {
    return false;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

const subfoldersOf = (folder: string): string[] =>
  entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
