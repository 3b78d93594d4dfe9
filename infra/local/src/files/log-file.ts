import {
  closeSync,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** The size at which a log becomes `<name>.log.1`: a process has at most twice this. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;

/**
 * Opens a log for appending; the process writes directly into it, so logging costs the supervisor nothing.
 */
export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, 'a', 0o600);
}

/**
 * Copies a log that is too long to `<path>.1` and empties it. The writer keeps its file (it appends, so it
 * continues at the new end); lines written between the copy and the truncation are lost. Throws, and leaves
 * the log unchanged, when there is no space for the copy.
 */
export function rotateLog(path: string, maxBytes = MAX_LOG_BYTES): boolean {
  if (sizeOf(path) <= maxBytes) return false;
  const old = `${path}.1`;
  rmSync(old, { force: true });
  try {
    copyFileSync(path, old);
  } catch (error) {
    rmSync(old, { force: true });
    throw error;
  }
  truncateSync(path, 0);
  return true;
}

/** The last lines of a log, each cut to 300 characters; none when there is no log. */
export function lastLines(path: string, count: number): string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const size = fstatSync(file).size;
      const buffer = Buffer.alloc(Math.min(size, 64 * 1024));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      const lines = buffer.toString('utf8').trimEnd().split('\n').slice(-count);
      return lines.map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line)).filter(Boolean);
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
