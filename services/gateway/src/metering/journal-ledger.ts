import { type FileHandle, open, readFile } from 'node:fs/promises';
import { replaceFile } from '@gridworks/runtime';
import type { Cursor } from './journal-segment.ts';

/** A piece of a segment that the bus stored and the consumer has not confirmed yet. */
export interface SentBatch {
  readonly id: string;
  readonly segment: number;
  /** Bytes, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Epoch ms. */
  readonly sentAt: number;
}

const REWRITE_AFTER_LINES = 2000;

/**
 * Records which pieces of the journal were sent to the bus, and which of those are not confirmed. Each entry is
 * one appended line; the file is rewritten now and then. A line that was cut off counts as not written: its
 * piece is sent again, and the consumer recognises its records.
 */
export class JournalLedger {
  readonly #path: string;
  #file: FileHandle | undefined;
  #lines = 0;
  #last: Promise<void> = Promise.resolve();
  #cursor: Cursor | null = null;
  readonly #pending = new Map<string, SentBatch>();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<JournalLedger> {
    const ledger = new JournalLedger(path);
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const line of text.split('\n')) ledger.#take(line);
    await ledger.#rewrite();
    return ledger;
  }

  /** The end of what was sent; null when nothing is recorded. */
  get cursor(): Cursor | null {
    return this.#cursor;
  }

  /** Oldest first. */
  get pending(): readonly SentBatch[] {
    return [...this.#pending.values()];
  }

  sent(batch: SentBatch): Promise<void> {
    return this.#inTurn(async () => {
      await this.#file?.write(`${JSON.stringify(batch)}\n`);
      this.#lines += 1;
      this.#pending.set(batch.id, batch);
      this.#cursor = { segment: batch.segment, offset: batch.to };
    });
  }

  /** These batches are confirmed, or given up, and will not be sent again. */
  settle(ids: Iterable<string>): Promise<void> {
    return this.#inTurn(async () => {
      for (const id of ids) this.#pending.delete(id);
      const isDone = this.#pending.size === 0 && this.#lines > 1;
      if (this.#lines > REWRITE_AFTER_LINES || isDone) await this.#rewrite();
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#file?.close();
      this.#file = undefined;
    });
  }

  /** Runs one piece of work at a time, since the file is replaced now and then. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  #take(line: string): void {
    try {
      const entry = JSON.parse(line) as Partial<SentBatch> & { cursor?: Cursor };
      if (entry.cursor) this.#cursor = entry.cursor;
      else if (
        typeof entry.id === 'string' &&
        Number.isSafeInteger(entry.segment) &&
        Number.isSafeInteger(entry.to)
      ) {
        const batch = entry as SentBatch;
        this.#pending.set(batch.id, batch);
        this.#cursor = { segment: batch.segment, offset: batch.to };
      }
    } catch {
      // The line was cut off by a crash.
    }
  }

  async #rewrite(): Promise<void> {
    const lines = [...this.#pending.values()].map((batch) => JSON.stringify(batch));
    if (this.#cursor) lines.push(JSON.stringify({ cursor: this.#cursor }));
    await replaceFile(this.#path, lines.map((line) => `${line}\n`).join(''));
    await this.#file?.close();
    this.#file = await open(this.#path, 'a');
    this.#lines = lines.length;
  }
}
