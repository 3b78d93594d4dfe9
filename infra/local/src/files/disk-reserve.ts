import { randomFillSync } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface DiskReserveOptions {
  /** The file that holds the reserve. */
  readonly path: string;
  /** The size of the reserve. */
  readonly bytes?: number;
  /** Called when the reserve is given up, and when it is there again. */
  readonly report: (text: string) => void;
  /** Called when a disk that was completely full, the reserve included, has free space again. */
  readonly onRoom?: () => void;
  readonly everyMs?: number;
}

/** Enough for a PostgreSQL segment (16 MB) and the small files of a restart. */
const RESERVE_BYTES = 32 * 1024 * 1024;
/** The disk counts as full below this many free bytes. */
const FULL_BYTES = 4 * 1024 * 1024;
const EVERY_MS = 2_000;
/** A full disk counts as having free space again above this. */
const ROOM_BYTES = 4 * FULL_BYTES;
/** The reserve is created only where this many times its size is free. */
const COMFORT = 4;

/**
 * A file that is deleted when the disk is full: then servers can write the data of a restart or a clean end.
 * It is created again when there is free space.
 */
export class DiskReserve {
  readonly #options: Required<DiskReserveOptions>;
  #isExhausted = false;
  #timer: NodeJS.Timeout | undefined;
  #isGivenUp = false;
  #isChecking = false;

  constructor(options: DiskReserveOptions) {
    this.#options = { bytes: RESERVE_BYTES, everyMs: EVERY_MS, onRoom: () => {}, ...options };
  }

  start(): void {
    void this.check();
    this.#timer = setInterval(() => void this.check(), this.#options.everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Checks the disk once. Never rejects. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    const { path, bytes, report } = this.#options;
    try {
      const { bavail, bsize } = await statfs(dirname(path));
      const free = bavail * bsize;
      const held = sizeOf(path);
      if (free < FULL_BYTES && held === 0) this.#isExhausted = true;
      if (this.#isExhausted && free > ROOM_BYTES) {
        this.#isExhausted = false;
        this.#options.onRoom();
      }
      if (free < FULL_BYTES && held > 0) {
        rmSync(path, { force: true });
        this.#isGivenUp = true;
        report(
          `the disk of ${dirname(path)} is full: the reserve of ${megabytes(held)} was given up. Free some space`,
        );
      } else if (held < bytes && free > bytes * COMFORT) {
        // Random bytes, since a file system may store zeros without using space.
        await writeFile(path, randomFillSync(Buffer.allocUnsafe(bytes)), { mode: 0o600 });
        if (this.#isGivenUp) report(`the disk of ${dirname(path)} has free space again: ${megabytes(free)}`);
        this.#isGivenUp = false;
      }
    } catch {
      // A part of the reserve is useful, too, and the next check follows in a moment.
    } finally {
      this.#isChecking = false;
    }
  }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
