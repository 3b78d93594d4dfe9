import { statfs } from 'node:fs/promises';

/**
 * The space of the file system that holds a folder, bytes, as `df` counts: `free` is what this user may still write, and `total` is
 * that and what is used. What only root may write is in neither.
 */
export interface DiskSpace {
  readonly folder: string;
  readonly free: number;
  readonly total: number;
}

/** The time between two measurements, ms. */
const EVERY_MS = 2_000;

/** Throws the error of statfs, for instance ENOENT. */
export async function measureDiskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, bfree, blocks, bsize } = await statfs(folder);
  return { folder, free: bavail * bsize, total: (blocks - bfree + bavail) * bsize };
}

/** The used share of a disk, 0 to 1. */
export const usedShare = ({ free, total }: Pick<DiskSpace, 'free' | 'total'>): number =>
  total > 0 ? 1 - free / total : 0;

/** The disk with the least room of those that hold these folders; folders that cannot be measured are left out. */
export async function fullestDisk(folders: readonly string[]): Promise<DiskSpace | undefined> {
  const measured = await Promise.all(
    folders.map((folder) => measureDiskSpace(folder).catch(() => undefined)),
  );
  return measured
    .filter((disk) => disk !== undefined)
    .reduce<DiskSpace | undefined>(
      (fullest, disk) => (fullest && usedShare(fullest) >= usedShare(disk) ? fullest : disk),
      undefined,
    );
}

/** The fullest disk of some folders, at most a few seconds old: the pulse must not wait for a slow disk. */
export class DiskWatch {
  readonly #folders: readonly string[];
  #latest: DiskSpace | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(folders: readonly string[]) {
    this.#folders = folders;
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
    this.#latest = await fullestDisk(this.#folders);
  }
}
