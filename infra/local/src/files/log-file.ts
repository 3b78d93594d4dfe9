import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Opens a log for appending; the process writes directly into it, so logging costs the supervisor nothing.
 */
export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, 'a', 0o600);
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
