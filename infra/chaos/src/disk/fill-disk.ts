import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  statfsSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const MB = 1024 * 1024;
const HOUR_S = 3600;

/** Used share and size (bytes) of the disk of a folder, as `df` counts. */
export function readDisk(folder: string): { used: number; total: number } {
  const { bavail, bfree, blocks, bsize } = statfsSync(folder);
  const total = (blocks - bfree + bavail) * bsize;
  return { used: 1 - (bavail * bsize) / total, total };
}

/** The id of a process that has just ended. */
export async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** Drafts as a killed process of ours leaves them, an hour old, of `bytes` together. */
export function leaveDrafts(folder: string, pid: number, bytes: number): string[] {
  const paths: string[] = [];
  for (let left = bytes; left > 0; left -= 4 * MB) {
    const path = join(folder, `ports.json.${pid}.${paths.length + 1}.tmp`);
    writeFileSync(path, Buffer.alloc(Math.min(left, 4 * MB), 'draft '));
    const at = Date.now() / 1000 - HOUR_S;
    utimesSync(path, at, at);
    paths.push(path);
  }
  return paths;
}

/** Appends lines to logs, as their processes would: each repeats its own lines, until `bytes` are written together. */
export function writeLogs(logs: readonly string[], bytes: number): void {
  const each = Math.floor(bytes / logs.length);
  for (const log of logs) {
    const own = readFileSync(log, 'utf8').split('\n').slice(0, 200).join('\n') || '{"level":"info"}';
    const block = `${own}\n`.repeat(Math.ceil(MB / (own.length + 1)));
    for (let left = each; left > 0; left -= block.length) appendFileSync(log, block);
  }
}

/** A file of somebody else of this size. */
export const writeForeign = (path: string, bytes: number): void =>
  writeFileSync(path, Buffer.alloc(Math.max(0, Math.round(bytes)), 'x'), { mode: 0o644 });

/** Appends to a file until the disk is full to the last byte. */
export function fillToTheLastByte(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (let size = MB; size >= 1; ) {
      try {
        writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}
