import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

let sequence = 0;

/** Writes a whole file or nothing: readers see the old content or the new, never a part. Makes the folder. */
export function writeFileAtomic(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${++sequence}.tmp`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, path);
}
