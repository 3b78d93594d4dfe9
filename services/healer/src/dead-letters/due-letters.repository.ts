import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** A letter whose event is to be delivered to its consumer now. */
export interface DueLetter {
  readonly id: string;
  readonly consumer: string;
  readonly event_id: string;
  readonly subject: string;
  readonly event: Buffer;
  /** How often the replay was begun, this time included. */
  readonly attempts: number;
}

/** Letters of one consumer that were discarded, and of which its inbox does not know yet. */
export interface PendingDiscards {
  readonly consumer: string;
  readonly ids: readonly string[];
  readonly eventIds: readonly string[];
}

export interface WaitingLetter {
  readonly id: string;
  readonly consumer: string;
  readonly event_id: string;
}

const TABLE = 'healing_dead_letters';
const KEEP_SETTLED_DAYS = 90;
/** Letters in one list; a request about an inbox takes no more. */
export const MOST_AT_ONCE = 1000;

/**
 * The part of `healing_dead_letters` that waits for the healer. A letter is due until its outcome is stored, so
 * nothing is lost with a process; it may be replayed twice, which the consumer's inbox makes one.
 */
@Injectable()
export class DueLettersRepository {
  constructor(private readonly database: Database) {}

  /**
   * Claims the letter that is to be replayed next: of those that are due the one that failed first. No other
   * healer gets it for `claimMs`. Null when none is due.
   */
  async claim(claimMs: number): Promise<DueLetter | null> {
    // Most turns find nothing, and need no transaction for that.
    const [due] = await this.database.read((manager) =>
      manager.query<unknown[]>(`select from ${TABLE} where due_at <= now() and state = 'replaying' limit 1`),
    );
    if (due === undefined) return null;
    return this.database.transaction(async ({ manager }) => {
      const [rows] = await manager.query<[DueLetter[], number]>(
        `update ${TABLE} set due_at = now() + $1 * interval '1 millisecond', attempts = attempts + 1
         where id = (select id from ${TABLE} where due_at <= now() and state = 'replaying'
           order by first_failed_at, id limit 1 for update skip locked)
         returning id, consumer, event_id, subject, event, attempts`,
        [claimMs],
      );
      return rows[0] ?? null;
    });
  }

  /** Discarded letters of one consumer, at most 1000. Null when there are none. */
  async pendingDiscards(): Promise<PendingDiscards | null> {
    const rows = await this.database.read((manager) =>
      manager.query<{ id: string; consumer: string; event_id: string }[]>(
        `select id, consumer, event_id from ${TABLE} where due_at <= now() and state = 'discarded'
         order by consumer limit $1`,
        [MOST_AT_ONCE],
      ),
    );
    const consumer = rows[0]?.consumer;
    if (consumer === undefined) return null;
    const ofOne = rows.filter((row) => row.consumer === consumer);
    return { consumer, ids: ofOne.map(({ id }) => id), eventIds: ofOne.map(({ event_id }) => event_id) };
  }

  /** The consumer has processed the event. Changes nothing when the letter was discarded meanwhile. */
  async processed(id: string): Promise<void> {
    await this.#write(
      `state = 'replayed', settled_at = now(), due_at = null, deliveries = deliveries + 1
       where id = $1 and state = 'replaying'`,
      [id],
    );
  }

  /** The consumer could not process the event: the letter waits for a human again. */
  async failed(id: string, reason: string): Promise<void> {
    await this.#write(
      `state = 'waiting', due_at = null, deliveries = deliveries + 1, last_failed_at = now(), reason = $2
       where id = $1 and state = 'replaying'`,
      [id, reason],
    );
  }

  /** The inboxes of the consumers know that these events were discarded. */
  async entered(ids: readonly string[]): Promise<void> {
    await this.#write(`due_at = null where id = any($1) and state = 'discarded'`, [ids]);
  }

  /** A replay of this letter has no outcome yet: it is tried again later. */
  async postpone(id: string, waitMs: number): Promise<void> {
    await this.#write(
      `due_at = now() + $2 * interval '1 millisecond' where id = $1 and state = 'replaying'`,
      [id, waitMs],
    );
  }

  /** The consumer is away: everything of it that is due sooner waits as long. */
  async postponeAll(consumer: string, waitMs: number): Promise<void> {
    await this.#write(
      `due_at = now() + $2 * interval '1 millisecond'
       where consumer = $1 and state in ('replaying', 'discarded') and due_at < now() + $2 * interval '1 millisecond'`,
      [consumer, waitMs],
    );
  }

  /** Letters that wait, in the order of their ids, at most 1000 after this id. */
  waiting(afterId: string): Promise<WaitingLetter[]> {
    return this.database.read((manager) =>
      manager.query<WaitingLetter[]>(
        `select id, consumer, event_id from ${TABLE} where state = 'waiting' and id > $1 order by id limit $2`,
        [afterId, MOST_AT_ONCE],
      ),
    );
  }

  /** The consumer has processed these events without the healer. */
  async processedAnyway(consumer: string, eventIds: readonly string[]): Promise<void> {
    await this.#write(
      `state = 'replayed', settled_at = now() where consumer = $1 and event_id = any($2) and state = 'waiting'`,
      [consumer, eventIds],
    );
  }

  /** Deletes letters that were settled 90 days ago. */
  async deleteOld(): Promise<void> {
    await this.database.transaction(({ manager }) =>
      manager.query(
        `delete from ${TABLE} where due_at is null and settled_at < now() - $1 * interval '1 day'`,
        [KEEP_SETTLED_DAYS],
      ),
    );
  }

  async #write(sql: string, values: unknown[]): Promise<void> {
    await this.database.transaction(({ manager }) => manager.query(`update ${TABLE} set ${sql}`, values));
  }
}
