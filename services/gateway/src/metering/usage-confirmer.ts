import { type UsageRecord, usageRecordSchema } from '@gridworks/contracts';
import type { SentBatch } from './journal-ledger.ts';
import { wholeLines } from './journal-segment.ts';
import type { UsageJournal } from './usage-journal.ts';

export interface UsageConfirmerOptions {
  readonly journal: UsageJournal;
  /**
   * Requests from the consumer which of these batches it has stored. Rejects when the consumer does not
   * respond.
   */
  readonly confirm: (ids: readonly string[]) => Promise<readonly string[]>;
  /**
   * Sends a batch that the bus seems to have lost. `copy` differs each time, so that the bus does not drop it
   * as a duplicate.
   */
  readonly publishAgain: (records: readonly UsageRecord[], id: string, copy: number) => Promise<void>;
  /** Called with the number of batches that were sent again. */
  readonly onSentAgain?: (count: number) => void;
  readonly everyMs?: number;
  /** How long a batch may be unconfirmed before it is sent again, in ms; doubles with each copy. */
  readonly patienceMs?: number;
  /** Above this size the oldest batches are no longer kept for confirmation. */
  readonly maxRetainedBytes?: number;
  readonly now?: () => number;
}

const MOST_IDS = 1000;
// Shorter than the time after which consumers forget the ids of batches.
const LONGEST_MS = 20 * 86_400_000;

/**
 * Makes sure that batches stored by the bus also reach the consumer: a stream can be lost with its disk. The
 * journal keeps a batch until the consumer confirms it, and sends it again when no confirmation comes.
 */
export class UsageConfirmer {
  readonly #options: Required<UsageConfirmerOptions>;
  /** How often each batch was sent again. */
  readonly #copies = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;

  constructor(options: UsageConfirmerOptions) {
    this.#options = {
      onSentAgain: () => {},
      everyMs: 5000,
      patienceMs: 10_000,
      maxRetainedBytes: 256 << 20,
      now: Date.now,
      ...options,
    };
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      // A failure needs no report: the consumer or the bus is away, and the next poll follows soon.
      this.#polling ??= this.poll()
        .catch(() => {})
        .finally(() => {
          this.#polling = undefined;
        });
    }, this.#options.everyMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#polling;
  }

  /** Settles confirmed batches and sends overdue ones again. Rejects when the consumer does not respond. */
  async poll(): Promise<void> {
    const { journal, confirm, onSentAgain, now, maxRetainedBytes } = this.#options;
    if (journal.retainedBytes > maxRetainedBytes) await this.#giveUpOldest();
    const chosen = journal.unconfirmed.slice(0, MOST_IDS);
    if (chosen.length === 0) return journal.settle([]);
    const moment = now();
    const confirmed = new Set(await confirm(chosen.map(({ id }) => id)));
    for (const { id, sentAt } of chosen) if (moment - sentAt > LONGEST_MS) confirmed.add(id);
    let again = 0;
    for (const batch of chosen) {
      if (confirmed.has(batch.id) || moment < this.#dueAt(batch)) continue;
      await this.#sendAgain(batch);
      again += 1;
    }
    for (const id of confirmed) this.#copies.delete(id);
    await journal.settle(confirmed);
    if (again > 0) onSentAgain(again);
  }

  #dueAt({ id, sentAt }: SentBatch): number {
    return sentAt + this.#options.patienceMs * 2 ** (this.#copies.get(id) ?? 0);
  }

  async #sendAgain({ id, segment, from, to }: SentBatch): Promise<void> {
    const { lines } = wholeLines(
      await this.#options.journal.read(segment, from, to - from),
      Number.POSITIVE_INFINITY,
    );
    const copy = (this.#copies.get(id) ?? 0) + 1;
    const records = lines.flatMap(parse);
    if (records.length > 0) await this.#options.publishAgain(records, id, copy);
    this.#copies.set(id, copy);
  }

  async #giveUpOldest(): Promise<void> {
    const { journal } = this.#options;
    const [oldest] = journal.unconfirmed;
    if (!oldest) return;
    const given = journal.unconfirmed.filter(({ segment }) => segment === oldest.segment);
    await journal.settle(given.map(({ id }) => id));
  }
}

function parse(line: string): UsageRecord[] {
  try {
    return [usageRecordSchema.parse(JSON.parse(line))];
  } catch {
    return []; // the relay has reported it
  }
}
