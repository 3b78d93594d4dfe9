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
  /** Of the file, whatever the umask takes away for others. Default 0o644. */
  readonly mode?: number;
  /**
   * Whether it must survive a power cut: then file and folder are forced onto the disk. Default true. False for what
   * says nothing any more after a power cut, since forcing may take a busy disk a second.
   */
  readonly durable?: boolean;
}

const DRAFT = /\.\d+\.\d+\.tmp$/;
let sequence = 0;

/**
 * Writes a whole file or nothing: readers see the old content or the new, never a part, and a write that fails leaves
 * nothing behind. Makes the folder. Throws what the file system says (ENOSPC, EACCES).
 */
export function writeFileAtomic(path: string, content: string, options: WriteFileOptions = {}): void {
  const { mode = 0o644, durable = true } = options;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.${++sequence}.tmp`;
  try {
    writeFileSync(draft, content, { mode, flush: durable });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (durable) syncFolder(dirname(path));
}

/** A name is only as durable as its folder. */
function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Deletes the drafts in a folder that a process left which was killed while it wrote. */
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
