import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { draftOf, syncFolderOf } from './write-file.ts';

/** What a rotation has done, in bytes. */
export interface RotatedLog {
  readonly archive: string;
  /** Size of the log before. */
  readonly logBytes: number;
  readonly archiveBytes: number;
}

/** So much of the end is copied at once, while no other code of this process runs. */
const TAIL_BYTES = 1024 * 1024;
/** A log that has grown after so many copies of its end is written faster than it is read. */
const MOST_TAILS = 200;

/** The archive of a log that is rotated at this time: names in their order are archives in their order. */
export const archiveOf = (log: string, at: Date): string =>
  `${log}.${at.toISOString().replaceAll(/[:.]/g, '-')}.gz`;

/**
 * Compresses a log into an archive beside it, and empties the log. The writer keeps its file: it appends, so it continues
 * at the new end. Null when the log is empty or missing.
 *
 * The archive gets its name when it is complete and on the disk, and only then the log is emptied: a process that is killed at any
 * moment leaves lines twice at worst, and a draft that `removeDrafts` deletes. Lines that are written meanwhile are in the
 * archive, too; only what another process writes between two system calls, the last look at the size and the emptying (some
 * microseconds), is lost. Memory: a few blocks of gzip, and 1 MB.
 *
 * Throws the error of the file system (ENOSPC), or an Error when the log is written faster than it is read: then the log is
 * unchanged, and there is no archive.
 */
export async function rotateLog(path: string, at = new Date()): Promise<RotatedLog | null> {
  const log = openIfThere(path);
  if (log === undefined) return null;
  const archive = archiveOf(path, at);
  const draft = draftOf(archive);
  let output: number | undefined;
  try {
    const { size } = fstatSync(log);
    if (size === 0) return null;
    await pipeline(
      createReadStream(path, { end: size - 1 }),
      createGzip(),
      createWriteStream(draft, { flags: 'wx', mode: 0o600 }),
    );
    output = openSync(draft, 'a');
    let copied = copyTail(log, size, output);
    fsyncSync(output);
    renameSync(draft, archive);
    syncFolderOf(archive);
    copied = copyTail(log, copied, output);
    ftruncateSync(log, 0);
    return { archive, logBytes: copied, archiveBytes: fstatSync(output).size };
  } catch (error) {
    rmSync(draft, { force: true });
    rmSync(archive, { force: true });
    throw error;
  } finally {
    if (output !== undefined) closeSync(output);
    closeSync(log);
  }
}

/** Appends to the archive what the log has beyond `from`, as further members of gzip, until there is no more. */
function copyTail(log: number, from: number, archive: number): number {
  const buffer = Buffer.allocUnsafe(Math.min(TAIL_BYTES, Math.max(1, fstatSync(log).size - from)));
  let copied = from;
  for (let tails = 0; ; tails++) {
    const left = fstatSync(log).size - copied;
    if (left === 0) return copied;
    if (left < 0) throw new Error('the log was emptied by somebody else');
    if (tails === MOST_TAILS) throw new Error('the log is written faster than it can be copied');
    const read = readSync(log, buffer, 0, buffer.length, copied);
    writeWhole(archive, gzipSync(buffer.subarray(0, read)));
    copied += read;
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
