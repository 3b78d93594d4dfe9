import { setTimeout as delay } from 'node:timers/promises';
import { type UsageRecord, usageRecordSchema } from '@gridworks/contracts';
import { batchId } from './batch-id.ts';
import { type Cursor, wholeLines } from './journal-segment.ts';
import type { UsageJournal } from './usage-journal.ts';

export interface UsageRelayOptions {
  readonly journal: UsageJournal;
  /** Publishes a batch; resolves when the bus has stored it. Called again with the same id after a failure. */
  readonly publish: (records: readonly UsageRecord[], id: string) => Promise<void>;
  /** Called with a sentence when the bus does not store batches, and with null when it does again. */
  readonly onDegraded?: (text: string | null) => void;
  /** Called for a line that is no usage record. The line is skipped. */
  readonly onBadLine?: (place: Cursor, line: string) => void;
  /** The shortest time between two batches, in ms, unless the first is full. */
  readonly lingerMs?: number;
  readonly retryMs?: number;
}

const MOST_RECORDS = 500;
const CHUNK_BYTES = 256 << 10;

/**
 * Sends the journal to the bus in batches, in order, each until it is acknowledged. A batch that was
 * acknowledged just before a crash is sent once more; the consumer recognises every record by its id.
 */
export class UsageRelay {
  readonly #options: Required<UsageRelayOptions>;
  readonly #stopping = new AbortController();
  #wake: (() => void) | undefined;
  #degraded = false;
  #lastSentAt = 0;
  #running: Promise<void> | undefined;

  constructor(options: UsageRelayOptions) {
    this.#options = { onDegraded: () => {}, onBadLine: () => {}, lingerMs: 50, retryMs: 500, ...options };
  }

  start(): void {
    this.#options.journal.onAppend(() => this.#wake?.());
    this.#running ??= this.#run();
  }

  /** Sends the rest for at most `withinMs`, then stops. The next process sends what remains. */
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
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const sent = await this.#sendNext();
        if (sent === 'nothing') await this.#appended();
        if (sent !== 'full batch') await this.#linger();
        this.#setDegraded(false);
      } catch {
        if (signal.aborted) return;
        this.#setDegraded(true);
        await delay(this.#options.retryMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Sends the lines after the cursor. */
  async #sendNext(): Promise<'nothing' | 'batch' | 'full batch'> {
    const { journal } = this.#options;
    const { segment, offset } = journal.cursor;
    const later = journal.segmentAfter(segment);
    const length = Math.min(CHUNK_BYTES, journal.lengthOf(segment) - offset);
    const bytes = length > 0 ? await journal.read(segment, offset, length) : Buffer.alloc(0);
    const { lines, length: taken } = wholeLines(bytes, MOST_RECORDS);
    if (taken === 0 && later === null) return 'nothing';
    const end = taken === 0 ? { segment: later as number, offset: 0 } : { segment, offset: offset + taken };
    const records = lines.flatMap((line) => this.#parse(line, end));
    const id = await this.#publish(records, end);
    if (id) await journal.sent({ id, segment, from: offset, to: end.offset, sentAt: Date.now() });
    else journal.skipTo(end);
    this.#lastSentAt = Date.now();
    return lines.length === MOST_RECORDS || length === CHUNK_BYTES ? 'full batch' : 'batch';
  }

  /** Returns the id of the sent batch, or null when there was nothing to send. */
  async #publish(records: readonly UsageRecord[], place: Cursor): Promise<string | null> {
    if (records.length === 0) return null;
    const id = batchId(records);
    try {
      await this.#options.publish(records, id);
      return id;
    } catch (error) {
      if ((error as Error).name !== 'ZodError') throw error;
      // At least one line is no usage record. Lines are checked one by one only here, since a check costs more
      // than all other work.
      const good = records.filter((record) => usageRecordSchema.safeParse(record).success);
      if (good.length === records.length) throw error;
      this.#options.onBadLine(place, `${records.length - good.length} records`);
      return this.#publish(good, place);
    }
  }

  /** Resolves when a record was appended, or when the relay stops. */
  async #appended(): Promise<void> {
    const { journal } = this.#options;
    const { signal } = this.#stopping;
    const { segment, offset } = journal.cursor;
    if (journal.segmentAfter(segment) === null && journal.lengthOf(segment) <= offset)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (signal.aborted) resolve();
      });
    this.#wake = undefined;
  }

  /** Waits between two batches, so that a busy gateway fills them: a batch has costs of its own in every part. */
  async #linger(): Promise<void> {
    const early = this.#lastSentAt + this.#options.lingerMs - Date.now();
    if (early > 0) await delay(early, undefined, { signal: this.#stopping.signal });
  }

  #parse(line: string, place: Cursor): UsageRecord[] {
    try {
      const record = JSON.parse(line) as UsageRecord;
      if (typeof record?.id === 'string') return [record];
    } catch {
      // Reported below.
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
