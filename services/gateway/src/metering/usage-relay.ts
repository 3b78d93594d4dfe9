import { close, open, read } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type UsageRecord, usageRecordSchema } from '@gridworks/contracts';
import { batchId } from './batch-id.ts';
import { type Cursor, segmentName, wholeLines } from './journal-segment.ts';
import type { UsageJournal } from './usage-journal.ts';

export interface UsageRelayOptions {
  readonly journal: UsageJournal;
  /** Hands a batch to the bus, and resolves when it is stored there. Called again with the same id after a failure. */
  readonly publish: (records: readonly UsageRecord[], id: string) => Promise<void>;
  /** Told a sentence when the bus does not take batches, and null when it does again. */
  readonly onDegraded?: (text: string | null) => void;
  /** Told about a line that is no usage record. It is skipped. */
  readonly onBadLine?: (place: Cursor, line: string) => void;
  /** How long records are gathered before they are sent, in ms. */
  readonly lingerMs?: number;
  readonly retryMs?: number;
}

interface Batch {
  readonly records: UsageRecord[];
  readonly end: Cursor;
}

const mostRecords = 500;
const chunkBytes = 256 << 10;
const openFile = promisify(open);
const closeFile = promisify(close);

/**
 * Carries the journal to the bus: batch by batch, in order, each until it is acknowledged. A batch that was
 * acknowledged just before a crash is sent once more; its consumer knows every record by its id.
 */
export class UsageRelay {
  readonly #options: Required<UsageRelayOptions>;
  readonly #buffer = Buffer.allocUnsafe(chunkBytes);
  readonly #stopping = new AbortController();
  #fd = -1;
  #reading = -1;
  #wake: (() => void) | undefined;
  #degraded = false;
  #running: Promise<void> | undefined;

  constructor(options: UsageRelayOptions) {
    this.#options = { onDegraded: () => {}, onBadLine: () => {}, lingerMs: 10, retryMs: 500, ...options };
  }

  start(): void {
    this.#options.journal.onAppend(() => this.#wake?.());
    this.#running ??= this.#run();
  }

  /** Sends what is left, for at most `withinMs`, then stops. What remains is sent by the next process. */
  async stop(withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (
      this.#running &&
      this.#options.journal.backlogBytes > 0 &&
      Date.now() < deadline &&
      !this.#degraded
    )
      await delay(5);
    this.#stopping.abort();
    this.#wake?.();
    await this.#running;
    if (this.#fd !== -1) await closeFile(this.#fd).catch(() => {});
    this.#fd = -1;
  }

  async #run(): Promise<void> {
    const { journal, lingerMs, retryMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const batch = await this.#next();
        if (!batch) {
          await this.#appended();
          await delay(lingerMs, undefined, { signal });
          continue;
        }
        await this.#publish(batch);
        await journal.advance(batch.end);
        this.#setDegraded(false);
      } catch {
        if (signal.aborted) return;
        this.#setDegraded(true);
        await delay(retryMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #publish({ records, end }: Batch): Promise<void> {
    if (records.length === 0) return;
    try {
      await this.#options.publish(records, batchId(records));
    } catch (error) {
      if ((error as Error).name !== 'ZodError') throw error;
      // One of them is no usage record. Only now each is looked at: that costs more than all the rest.
      const good = records.filter((record) => usageRecordSchema.safeParse(record).success);
      if (good.length === records.length) throw error;
      this.#options.onBadLine(end, `${records.length - good.length} records`);
      if (good.length > 0) await this.#options.publish(good, batchId(good));
    }
  }

  /** Resolves when something was appended. */
  async #appended(): Promise<void> {
    const { journal } = this.#options;
    const { segment, offset } = journal.cursor;
    if (journal.segmentAfter(segment) !== null || journal.lengthOf(segment) > offset) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#stopping.signal.aborted) resolve();
    });
    this.#wake = undefined;
  }

  /** The records after the cursor, or null when there are none yet. */
  async #next(): Promise<Batch | null> {
    const { journal } = this.#options;
    const { segment, offset } = journal.cursor;
    const later = journal.segmentAfter(segment);
    const length = Math.min(chunkBytes, journal.lengthOf(segment) - offset);
    const bytes = length > 0 ? await this.#read(segment, offset, length) : Buffer.alloc(0);
    const { lines, length: taken } = wholeLines(bytes, mostRecords);
    if (taken === 0) return later === null ? null : { records: [], end: { segment: later, offset: 0 } };
    const end = { segment, offset: offset + taken };
    return { records: lines.flatMap((line) => this.#parse(line, end)), end };
  }

  async #read(segment: number, offset: number, length: number): Promise<Buffer> {
    if (this.#reading !== segment) {
      if (this.#fd !== -1) await closeFile(this.#fd).catch(() => {});
      this.#fd = await openFile(join(this.#options.journal.directory, segmentName(segment)), 'r');
      this.#reading = segment;
    }
    const count = await new Promise<number>((resolve, reject) =>
      read(this.#fd, this.#buffer, 0, length, offset, (error, got) => (error ? reject(error) : resolve(got))),
    );
    return this.#buffer.subarray(0, count);
  }

  #parse(line: string, place: Cursor): UsageRecord[] {
    try {
      const record = JSON.parse(line) as UsageRecord;
      if (typeof record?.id === 'string') return [record];
    } catch {
      // Told below.
    }
    this.#options.onBadLine(place, line);
    return [];
  }

  #setDegraded(degraded: boolean): void {
    if (degraded === this.#degraded) return;
    this.#degraded = degraded;
    this.#options.onDegraded(degraded ? 'usage records wait on disk until the bus takes them' : null);
  }
}
