import { statfs } from 'node:fs/promises';

/** The space of a file system, bytes; `free` is the space that this user may still write. */
export interface DiskSpace {
  readonly free: number;
  readonly total: number;
}

/** The time between two measurements, ms. */
const EVERY_MS = 5_000;

/** Throws the error of statfs, for instance ENOENT. */
export async function measureDiskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}

/** The space on the disk of a folder, at most a few seconds old: the pulse must not wait for a slow disk. */
export class DiskWatch {
  readonly #folder: string;
  #latest: DiskSpace | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  start(): void {
    void this.#measure();
    this.#timer = setInterval(() => void this.#measure(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Undefined while it is not known. */
  latest(): DiskSpace | undefined {
    return this.#latest;
  }

  async #measure(): Promise<void> {
    this.#latest = await measureDiskSpace(this.#folder).catch(() => undefined);
  }
}
