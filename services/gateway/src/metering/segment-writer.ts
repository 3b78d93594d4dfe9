import { close, fsync, ftruncate, open, write } from 'node:fs';
import { promisify } from 'node:util';

export interface SegmentWriterOptions {
  /** Path of the segment with this number. */
  readonly pathOf: (segment: number) => string;
  /** Also forces each group of lines to the disk before it counts as written. */
  readonly sync: boolean;
  /** A segment of at least this size is sealed. */
  readonly segmentBytes: number;
  /** How often a disk that refuses writes is tried again, in ms. */
  readonly retryMs: number;
  readonly onSealed: (segment: number, length: number) => void;
  readonly onWritten: () => void;
}

export type Appended = (error: Error | null) => void;

const openFile = promisify(open);
const closeFile = promisify(close);
const truncateFile = promisify(ftruncate);

/**
 * Appends lines to numbered files. Lines that arrive during a write share the next write. A group that could
 * not be written whole is removed from the file, and the disk is tried again in the background.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #segment = 0;
  #fd = -1;
  #written = 0;
  #group = '';
  #waiting: Appended[] = [];
  #flushing = false;
  #scheduled = false;
  #failure: Error | null = null;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** The number of the segment that is written to. */
  get segment(): number {
    return this.#segment;
  }

  /** How many bytes of the segment are written for sure. */
  get written(): number {
    return this.#written;
  }

  /** Why no line can be written now, or null. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Begins a new segment after the given one. */
  async start(after: number): Promise<void> {
    this.#segment = after;
    await this.#rotate();
  }

  /**
   * Writes a line, which must not contain a line feed. Calls back when the line is in the file, or with the
   * error.
   */
  append(line: string, appended: Appended): void {
    if (this.#failure || this.#closed) {
      appended(this.#failure ?? new Error('the usage journal is closed'));
      return;
    }
    this.#group += `${line}\n`;
    this.#waiting.push(appended);
    if (this.#flushing || this.#scheduled) return;
    this.#scheduled = true;
    // Runs after the callbacks of this turn of the event loop: calls that end together are recorded together.
    setImmediate(this.#flush);
  }

  /** Waits for the write under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#retry);
    while (this.#flushing || this.#scheduled) await new Promise((resolve) => setImmediate(resolve));
    if (this.#fd !== -1) await closeFile(this.#fd);
    this.#fd = -1;
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
      if (error || from + count === bytes.length) done(error);
      else if (count === 0) done(new Error('the disk accepted no bytes'));
      else this.#write(bytes, from + count, done);
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
    this.#options.onWritten();
    if (this.#written < this.#options.segmentBytes) {
      this.#continue();
      return;
    }
    this.#rotate().then(
      () => this.#continue(),
      (failure: Error) => this.#fail(failure),
    );
  }

  #continue(): void {
    this.#flushing = false;
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#flush();
  }

  /** Removes the written part of a failed group, since its calls get an error as response. */
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
      // An empty line needs disk space like any other, and readers skip it.
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
    const fd = await openFile(this.#options.pathOf(next), 'ax');
    const previous = this.#fd;
    if (previous !== -1) this.#options.onSealed(this.#segment, this.#written);
    this.#segment = next;
    this.#fd = fd;
    this.#written = 0;
    if (previous !== -1) await closeFile(previous).catch(() => {});
  }
}
