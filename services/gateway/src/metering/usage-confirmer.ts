import { type UsageRecord, usageRecordSchema } from '@gridworks/contracts';
import type { SentBatch } from './journal-ledger.ts';
import { wholeLines } from './journal-segment.ts';
import type { UsageJournal } from './usage-journal.ts';

export interface UsageConfirmerOptions {
  readonly journal: UsageJournal;
  /** Asks the consumer which of these batches it has taken in for good. Rejects when it does not answer. */
  readonly confirm: (ids: readonly string[]) => Promise<readonly string[]>;
  /** Sends a batch that the bus seems to have lost, past what the bus remembers: `copy` differs each time. */
  readonly publishAgain: (records: readonly UsageRecord[], id: string, copy: number) => Promise<void>;
  /** Told how many batches were sent again. */
  readonly onSentAgain?: (count: number) => void;
  readonly everyMs?: number;
  /** How long a batch may go unconfirmed before it is sent again; doubles with each copy. */
  readonly patienceMs?: number;
  /** Above so many bytes the oldest are no longer kept for the consumer's confirmation. */
  readonly maxRetainedBytes?: number;
  readonly now?: () => number;
}

const MOST_IDS = 1000;
// Below the age at which consumers forget what they took in.
const LONGEST_MS = 20 * 86_400_000;

/**
 * Makes sure that what the bus has taken also arrives: a stream can vanish with its disk. Until the consumer
 * confirms a batch the journal keeps it, and sends it again when the confirmation does not come.
 */
export class UsageConfirmer {
  readonly #options: Required<UsageConfirmerOptions>;
  /** Batches that were sent again, and how often. */
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
      // A failure is no news: the consumer or the bus is away, and the next look comes soon.
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

  /** Settles what is confirmed and sends again what is overdue. Rejects when the consumer does not answer. */
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
    return []; // the relay has told about it
  }
}
