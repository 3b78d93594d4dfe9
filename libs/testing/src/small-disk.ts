import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few megabytes in memory (tmpfs), which can really be full. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;

  constructor(megabytes: number) {
    this.folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
    this.#filler = join(this.folder, 'filler');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', this.folder], {
        stdio: 'pipe',
      });
    } catch (error) {
      rmSync(this.folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Writes until the disk is full to the last byte. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    try {
      for (let size = 1024 * 1024; size >= 1; ) {
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

  /** Deletes the file that `fill` wrote. */
  free(): void {
    rmSync(this.#filler, { force: true });
  }

  /** Unmounts lazily, since a process may still use the disk. */
  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The reason why no small disk can be made here; null where it can. Mounting needs root on Linux. */
export const noSmallDisk: string | null = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting a disk needs root on Linux';
  try {
    new SmallDisk(1).remove();
    return null;
  } catch {
    return 'this system refuses to mount a tmpfs';
  }
})();
