import { close, constants, fsync, ftruncate, open, write } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open as openHandle,
  readdir,
  readFile,
  stat,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JournalLock } from './journal-lock.ts';
import { type Cursor, segmentName, segmentNumbers } from './journal-segment.ts';

export interface JournalOptions {
  readonly directory: string;
  readonly instance: string;
  /** Also force each group of records to the disk: survives a power cut, costs a disk's latency a call. */
  readonly sync?: boolean;
  readonly segmentBytes?: number;
  /** Above so many bytes that the bus has not taken, metered calls are refused. */
  readonly maxBacklogBytes?: number;
  /** How often a journal that could not be written is tried again, in ms. */
  readonly retryMs?: number;
}

export type Appended = (error: Error | null) => void;

const cursorBytes = 64;
const openFile = promisify(open);
const closeFile = promisify(close);
const truncateFile = promisify(ftruncate);

/**
 * An append-only file of usage records on the local disk. A record is safe from `kill -9` when `append` calls
 * back, since it has reached the system's page cache. Records that arrive while a write is under way share the
 * next one.
 */
export class UsageJournal {
  readonly #options: Required<JournalOptions>;
  readonly #lock: JournalLock;
  /** The segment that is written to, and how much of it was written for sure. */
  #segment = 0;
  #fd = -1;
  #written = 0;
  /** Sealed segments that are still needed, with their lengths in bytes. */
  readonly #sealed = new Map<number, number>();
  #cursor: Cursor = { segment: 0, offset: 0 };
  #cursorFile: FileHandle | undefined;
  #group = '';
  #waiting: Appended[] = [];
  #flushing = false;
  #scheduled = false;
  #failure: Error | null = null;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #onAppend: (() => void)[] = [];

  private constructor(options: JournalOptions, lock: JournalLock) {
    this.#options = {
      sync: false,
      segmentBytes: 8 << 20,
      maxBacklogBytes: 1 << 30,
      retryMs: 1000,
      ...options,
    };
    this.#lock = lock;
  }

  /** Opens `<directory>/<instance>`. Throws when it cannot be written, or another process uses it. */
  static async open(options: JournalOptions): Promise<UsageJournal> {
    const directory = join(options.directory, options.instance);
    await mkdir(directory, { recursive: true });
    const lock = await JournalLock.acquire(directory, options.instance);
    const journal = new UsageJournal({ ...options, directory }, lock);
    try {
      await journal.#recover();
    } catch (error) {
      await lock.release();
      throw error;
    }
    return journal;
  }

  get cursor(): Cursor {
    return this.#cursor;
  }

  get directory(): string {
    return this.#options.directory;
  }

  /** Bytes that the bus has not taken. */
  get backlogBytes(): number {
    let bytes = this.#written - this.#cursor.offset;
    for (const length of this.#sealed.values()) bytes += length;
    return Math.max(0, bytes);
  }

  /** Why nothing can be recorded now, or null. */
  refusal(): string | null {
    if (this.#failure) return `the usage journal cannot be written: ${this.#failure.message}`;
    if (this.#closed) return 'the usage journal is closed';
    if (this.backlogBytes >= this.#options.maxBacklogBytes) return 'the usage journal is full';
    return null;
  }

  onAppend(listener: () => void): void {
    this.#onAppend.push(listener);
  }

  /** Records one line, which must not contain a line feed. Calls back when it is safe, or with the reason it is not. */
  append(line: string, appended: Appended): void {
    if (this.#failure || this.#closed) {
      appended(this.#failure ?? new Error('the usage journal is closed'));
      return;
    }
    this.#group += `${line}\n`;
    this.#waiting.push(appended);
    if (this.#flushing || this.#scheduled) return;
    this.#scheduled = true;
    // After the callbacks of this turn of the event loop: answers that arrived together are recorded together.
    setImmediate(this.#flush);
  }

  /** Bytes of a segment that may be read: all that was written for sure. */
  lengthOf(segment: number): number {
    return segment === this.#segment ? this.#written : (this.#sealed.get(segment) ?? 0);
  }

  /** The segment after this one, or null when it is the newest. */
  segmentAfter(segment: number): number | null {
    const later = [...this.#sealed.keys(), this.#segment].filter((number) => number > segment);
    return later.length > 0 ? Math.min(...later) : null;
  }

  /** Remembers on disk that all before `cursor` was taken, and deletes the segments before it. */
  async advance(cursor: Cursor): Promise<void> {
    // In place and always of the same length: a rename would make the file system flush, batch after batch. A
    // cursor that a power cut damages is read as none.
    await this.#cursorFile?.write(JSON.stringify(cursor).padEnd(cursorBytes), 0);
    this.#cursor = cursor;
    for (const segment of [...this.#sealed.keys()]) {
      if (segment >= cursor.segment) continue;
      this.#sealed.delete(segment);
      await unlink(this.#pathOf(segment)).catch(() => {});
    }
  }

  /** Waits for what is being written, then lets go of the directory. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#retry);
    while (this.#flushing || this.#scheduled) await new Promise((resolve) => setImmediate(resolve));
    if (this.#fd !== -1) await closeFile(this.#fd);
    await this.#cursorFile?.close();
    await this.#lock.release();
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    const group = Buffer.from(this.#group);
    const waiting = this.#waiting;
    this.#group = '';
    this.#waiting = [];
    this.#flushing = true;
    this.#write(group, 0, (error) => {
      if (!error && this.#options.sync)
        fsync(this.#fd, (failure) => this.#settle(group.length, waiting, failure));
      else this.#settle(group.length, waiting, error);
    });
  };

  #write(bytes: Buffer, from: number, done: Appended): void {
    write(this.#fd, bytes, from, bytes.length - from, null, (error, count) => {
      if (error || from + count === bytes.length) return done(error);
      if (count === 0) return done(new Error('the disk takes no more'));
      this.#write(bytes, from + count, done);
    });
  }

  #settle(length: number, waiting: readonly Appended[], error: Error | null): void {
    if (error) {
      void this.#fail(error).then(() => {
        for (const appended of waiting) appended(error);
      });
      return;
    }
    this.#written += length;
    for (const appended of waiting) appended(null);
    for (const listener of this.#onAppend) listener();
    if (this.#written >= this.#options.segmentBytes) {
      void this.#rotate().then(
        () => this.#continue(),
        (failure: Error) => this.#fail(failure),
      );
    } else this.#continue();
  }

  #continue(): void {
    this.#flushing = false;
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#flush();
  }

  /** Cuts off what was written of a group that failed, since its calls are answered with an error, and tries again later. */
  async #fail(error: Error): Promise<void> {
    this.#failure = error;
    await truncateFile(this.#fd, this.#written).catch(() => {});
    this.#flushing = false;
    const refused = this.#waiting;
    this.#group = '';
    this.#waiting = [];
    for (const appended of refused) appended(error);
    this.#retry ??= setInterval(() => void this.#mend(), this.#options.retryMs).unref();
  }

  async #mend(): Promise<void> {
    try {
      if (this.#written > 0) await this.#rotate();
      else await truncateFile(this.#fd, 0);
      // An empty line takes a block of a full disk, too, and readers skip it.
      await new Promise<void>((resolve, reject) =>
        this.#write(Buffer.from('\n'), 0, (error) => (error ? reject(error) : resolve())),
      );
      this.#written += 1;
      this.#failure = null;
      clearInterval(this.#retry);
      this.#retry = undefined;
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  async #rotate(): Promise<void> {
    const next = this.#segment + 1;
    const fd = await openFile(this.#pathOf(next), 'ax');
    const previous = this.#fd;
    if (previous !== -1) this.#sealed.set(this.#segment, this.#written);
    this.#segment = next;
    this.#fd = fd;
    this.#written = 0;
    if (previous !== -1) await closeFile(previous).catch(() => {});
  }

  /** Takes over what an earlier process left, and goes on in a new segment: its last line may be cut off. */
  async #recover(): Promise<void> {
    const { directory } = this.#options;
    const numbers = segmentNumbers(await readdir(directory));
    this.#cursor = await readCursor(join(directory, 'cursor.json'));
    for (const number of numbers) {
      if (number < this.#cursor.segment) await unlink(this.#pathOf(number)).catch(() => {});
      else this.#sealed.set(number, (await stat(this.#pathOf(number))).size);
    }
    this.#segment = Math.max(this.#cursor.segment, numbers.at(-1) ?? 0);
    if (numbers.length === 0 || (numbers[0] as number) > this.#cursor.segment)
      this.#cursor = { segment: numbers[0] ?? this.#segment + 1, offset: 0 };
    this.#cursorFile = await openHandle(join(directory, 'cursor.json'), constants.O_RDWR | constants.O_CREAT);
    await this.#rotate();
  }

  #pathOf(segment: number): string {
    return join(this.#options.directory, segmentName(segment));
  }
}

async function readCursor(path: string): Promise<Cursor> {
  try {
    const { segment, offset } = JSON.parse(await readFile(path, 'utf8')) as Cursor;
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset)) return { segment, offset };
  } catch {
    // None yet, or unreadable: read all again. Consumers know each record by its id.
  }
  return { segment: 0, offset: 0 };
}
