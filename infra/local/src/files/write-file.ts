import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export interface WriteFileOptions {
  /** Mode of the file, whatever the umask is. Default 0o644. */
  readonly mode?: number;
  /**
   * Whether the file must survive a power cut: then file and folder are synced to the disk. Default true.
   * False for content that is useless after a power cut, since syncing may take a busy disk a second.
   */
  readonly durable?: boolean;
}

const DRAFT = /\.\d+\.\d+\.tmp$/;
let sequence = 0;

/**
 * Writes a whole file or nothing: readers see the old content or the new, never a part, and a failed write
 * leaves nothing behind. Creates the folder. Throws the error of the file system (ENOSPC, EACCES).
 */
export function writeFileAtomic(path: string, content: string, options: WriteFileOptions = {}): void {
  const { mode = 0o644, durable = true } = options;
  mkdirSync(dirname(path), { recursive: true });
  const draft = draftOf(path);
  try {
    writeFileSync(draft, content, { mode, flush: durable });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (durable) syncFolderOf(path);
}

/** The path of a temporary file beside `path` that no other process and no other call uses. Its name has this process's id. */
export const draftOf = (path: string): string => `${path}.${process.pid}.${++sequence}.tmp`;

/** The name of a file is durable only once its folder is. */
export function syncFolderOf(path: string): void {
  const file = openSync(dirname(path), 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Deletes the temporary files of a process that was killed while it wrote. */
export function removeDrafts(folder: string): void {
  for (const name of namesIn(folder)) if (DRAFT.test(name)) rmSync(join(folder, name), { force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
