import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** When a log is rotated, and how long its archives are kept. */
export interface LogPolicy {
  /** A log of at least this size is rotated. */
  readonly maxBytes: number;
  /** A log is rotated at least so often, ms. */
  readonly maxAgeMs: number;
  /** So many archives of each log are kept, */
  readonly keep: number;
  /** for so long, ms, */
  readonly keepMs: number;
  /** and of all logs together so many bytes. The oldest are deleted first. */
  readonly archivesBytes: number;
}

const MB = 1024 * 1024;
const HOUR_MS = 3_600_000;
export const DEFAULT_LOG_POLICY: LogPolicy = {
  maxBytes: 16 * MB,
  maxAgeMs: 24 * HOUR_MS,
  keep: 10,
  keepMs: 30 * 24 * HOUR_MS,
  archivesBytes: 256 * MB,
};

export interface LogArchive {
  readonly path: string;
  /** The name of its log: `billing.log`. */
  readonly log: string;
  readonly bytes: number;
  /** When it was made, epoch ms. */
  readonly at: number;
}

/** The archives that `rotateLog` makes; `.1` was made by earlier versions. */
const ARCHIVE = /^([a-z0-9-]+\.log)\.(?:\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z\.gz|1)$/;

/** The archives in the folder of the logs, newest first. Other files, folders and links are none. */
export function listArchives(folder: string): LogArchive[] {
  return namesIn(folder)
    .flatMap((name): LogArchive[] => {
      const log = ARCHIVE.exec(name)?.[1];
      const path = join(folder, name);
      const found = log === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
      return log && found?.isFile() ? [{ path, log, bytes: found.size, at: found.mtimeMs }] : [];
    })
    .sort((a, b) => b.at - a.at || (a.path < b.path ? 1 : -1));
}

/** Deletes the archives that the policy does not keep. Returns those that were deleted. Throws the error of the file system. */
export function removeOldArchives(folder: string, policy: LogPolicy, now = Date.now()): LogArchive[] {
  const kept = new Map<string, number>();
  let bytes = 0;
  const old = listArchives(folder).filter((archive) => {
    const ofLog = kept.get(archive.log) ?? 0;
    const fits = bytes + archive.bytes <= policy.archivesBytes;
    if (ofLog >= policy.keep || now - archive.at > policy.keepMs || !fits) return true;
    kept.set(archive.log, ofLog + 1);
    bytes += archive.bytes;
    return false;
  });
  for (const { path } of old) rmSync(path, { force: true });
  return old;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
