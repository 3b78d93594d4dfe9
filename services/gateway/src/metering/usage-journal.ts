import { type FileHandle, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalLedger, type SentBatch } from './journal-ledger.ts';
import { JournalLock } from './journal-lock.ts';
import { type Cursor, segmentName, segmentNumbers } from './journal-segment.ts';
import { type Appended, SegmentWriter } from './segment-writer.ts';

export interface JournalOptions {
  readonly directory: string;
  readonly instance: string;
  /**
   * Also forces each group of records to the disk: they survive a power cut, and each call waits for the disk.
   */
  readonly sync?: boolean;
  readonly segmentBytes?: number;
  /** Metered calls are refused while more bytes than this wait for the bus. */
  readonly maxBacklogBytes?: number;
  /** How often a journal that could not be written is tried again, in ms. */
  readonly retryMs?: number;
}

/**
 * An append-only journal of usage records on the local disk. When `append` calls back the record survives `kill
 * -9`, since it has reached the system's page cache. Records stay until the bus has stored them and their
 * consumer has confirmed them.
 */
export class UsageJournal {
  /** The journal's own folder, `<directory>/<instance>`. */
  readonly directory: string;
  readonly #lock: JournalLock;
  readonly #ledger: JournalLedger;
  readonly #writer: SegmentWriter;
  readonly #maxBacklogBytes: number;
  /** Segments that are no longer written to and still needed, with their lengths in bytes. */
  readonly #sealed = new Map<number, number>();
  /** Segments that are open for reading: the relay reads the newest one many times a second. */
  readonly #readers = new Map<number, Promise<FileHandle>>();
  readonly #onAppend: (() => void)[] = [];
  #cursor: Cursor = { segment: 0, offset: 0 };
  #closed = false;

  private constructor(directory: string, options: JournalOptions, lock: JournalLock, ledger: JournalLedger) {
    this.directory = directory;
    this.#lock = lock;
    this.#ledger = ledger;
    this.#maxBacklogBytes = options.maxBacklogBytes ?? 1 << 30;
    this.#writer = new SegmentWriter({
      pathOf: (segment) => this.#pathOf(segment),
      sync: options.sync ?? false,
      segmentBytes: options.segmentBytes ?? 8 << 20,
      retryMs: options.retryMs ?? 1000,
      onSealed: (segment, length) => this.#sealed.set(segment, length),
      onWritten: () => {
        for (const listener of this.#onAppend) listener();
      },
    });
  }

  /** Opens `<directory>/<instance>`. Throws when the folder is not writable, or another process uses it. */
  static async open(options: JournalOptions): Promise<UsageJournal> {
    const directory = join(options.directory, options.instance);
    await mkdir(directory, { recursive: true });
    const lock = await JournalLock.acquire(directory, options.instance);
    try {
      const ledger = await JournalLedger.open(join(directory, 'ledger.ndjson'));
      const journal = new UsageJournal(directory, options, lock, ledger);
      await journal.#recover();
      return journal;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Everything before this place was stored by the bus. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** Batches that the bus has stored and the consumer has not confirmed, oldest first. */
  get unconfirmed(): readonly SentBatch[] {
    return this.#ledger.pending;
  }

  /** Bytes that the bus has not stored. */
  get backlogBytes(): number {
    let bytes = this.#writer.written - this.#cursor.offset;
    for (const [segment, length] of this.#sealed) if (segment >= this.#cursor.segment) bytes += length;
    return Math.max(0, bytes);
  }

  /** Bytes that are kept only until the consumer confirms them, counted in whole segments. */
  get retainedBytes(): number {
    let bytes = 0;
    for (const [segment, length] of this.#sealed) if (segment < this.#cursor.segment) bytes += length;
    return bytes;
  }

  /** Why no record can be written now, or null. */
  refusal(): string | null {
    if (this.#writer.failure) return `the usage journal cannot be written: ${this.#writer.failure.message}`;
    if (this.#closed) return 'the usage journal is closed';
    if (this.backlogBytes >= this.#maxBacklogBytes) return 'the usage journal is full';
    return null;
  }

  onAppend(listener: () => void): void {
    this.#onAppend.push(listener);
  }

  /**
   * Records one line, which must not contain a line feed. Calls back when the line is safe, or with the error.
   */
  append(line: string, appended: Appended): void {
    this.#writer.append(line, appended);
  }

  /** Bytes of a segment that may be read: those that were written for sure. */
  lengthOf(segment: number): number {
    return segment === this.#writer.segment ? this.#writer.written : (this.#sealed.get(segment) ?? 0);
  }

  /** The segment after this one, or null when it is the newest. */
  segmentAfter(segment: number): number | null {
    const later = [...this.#sealed.keys(), this.#writer.segment].filter((number) => number > segment);
    return later.length > 0 ? Math.min(...later) : null;
  }

  async read(segment: number, from: number, length: number): Promise<Buffer> {
    const file = await this.#openToRead(segment);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  }

  /** Moves the cursor: everything before it is done. */
  skipTo(cursor: Cursor): void {
    this.#cursor = cursor;
  }

  /** Records on disk that the bus has stored this batch. */
  async sent(batch: SentBatch): Promise<void> {
    await this.#ledger.sent(batch);
    this.#cursor = { segment: batch.segment, offset: batch.to };
  }

  /** These batches are no longer needed. Deletes segments without other batches. */
  async settle(ids: Iterable<string>): Promise<void> {
    await this.#ledger.settle(ids);
    const needed = Math.min(this.#cursor.segment, ...this.#ledger.pending.map(({ segment }) => segment));
    for (const segment of [...this.#sealed.keys()]) {
      if (segment >= needed) continue;
      this.#sealed.delete(segment);
      await this.#closeReader(segment);
      await unlink(this.#pathOf(segment)).catch(() => {});
    }
  }

  /** Waits for the write under way, then releases the directory. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writer.close();
    await this.#ledger.close();
    for (const segment of [...this.#readers.keys()]) await this.#closeReader(segment);
    await this.#lock.release();
  }

  /**
   * Takes over the files of an earlier process and continues in a new segment: the last line may be cut off.
   */
  async #recover(): Promise<void> {
    const numbers = segmentNumbers(await readdir(this.directory));
    for (const number of numbers) this.#sealed.set(number, (await stat(this.#pathOf(number))).size);
    const last = Math.max(this.#ledger.cursor?.segment ?? 0, numbers.at(-1) ?? 0);
    await this.#writer.start(last);
    const first = numbers[0] ?? this.#writer.segment;
    this.#cursor = this.#ledger.cursor ?? { segment: first, offset: 0 };
    const gone = this.#ledger.pending.filter(({ segment }) => !this.#sealed.has(segment));
    await this.settle(gone.map(({ id }) => id));
  }

  #openToRead(segment: number): Promise<FileHandle> {
    let file = this.#readers.get(segment);
    if (!file) {
      file = open(this.#pathOf(segment), 'r');
      this.#readers.set(segment, file);
      file.catch(() => this.#readers.delete(segment));
    }
    return file;
  }

  async #closeReader(segment: number): Promise<void> {
    const file = this.#readers.get(segment);
    this.#readers.delete(segment);
    await (await file?.catch(() => undefined))?.close();
  }

  #pathOf(segment: number): string {
    return join(this.directory, segmentName(segment));
  }
}
