import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs';
import { appendFile, readFile, utimes, writeFile } from 'node:fs/promises';
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
export async function leaveDrafts(folder: string, pid: number, bytes: number): Promise<void> {
  const count = Math.ceil(bytes / (4 * MB));
  for (let number = 1; number <= count; number++) {
    const path = join(folder, `ports.json.${pid}.${number}.tmp`);
    await writeFile(path, Buffer.alloc(Math.ceil(bytes / count), 'draft '));
    const at = Date.now() / 1000 - HOUR_S;
    await utimes(path, at, at);
  }
}

/** Appends lines to logs, as their processes would: each repeats its own lines, until `bytes` are written together. */
export async function writeLogs(logs: readonly string[], bytes: number): Promise<void> {
  for (const log of logs) {
    const own = (await readFile(log, 'utf8')).split('\n').slice(0, 200).join('\n') || '{"level":"info"}';
    const block = `${own}\n`.repeat(Math.ceil(MB / (own.length + 1)));
    for (let left = bytes / logs.length; left > 0; left -= block.length) await appendFile(log, block);
  }
}

/** A file of somebody else grows by this size. In small pieces, so that this process goes on with its requests. */
export async function growForeign(path: string, bytes: number): Promise<void> {
  for (let left = Math.round(bytes); left > 0; left -= 4 * MB)
    await appendFile(path, Buffer.alloc(Math.min(left, 4 * MB), 'x'));
}

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
