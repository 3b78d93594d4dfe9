import type { DeadLetter } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** A letter that the healer has to work on now. */
export interface DueLetter {
  readonly id: string;
  readonly consumer: string;
  readonly event_id: string;
  readonly subject: string;
  readonly event: Buffer;
  readonly state: Extract<DeadLetter['state'], 'replaying' | 'discarded'>;
  /** How often the work was begun, this time included. */
  readonly attempts: number;
}

const TABLE = 'healing_dead_letters';
/** Another healer takes the letters of one that was killed after this time. */
const CLAIM_SECONDS = 60;
const KEEP_SETTLED_DAYS = 90;

/**
 * The part of `healing_dead_letters` that waits for the healer. A letter is due until its outcome is stored, so
 * nothing is lost with a process; it may be replayed twice, which the consumer's inbox makes one.
 */
@Injectable()
export class DueLettersRepository {
  constructor(private readonly database: Database) {}

  /** Claims letters, those that failed first before the others. No other healer gets them for a minute. */
  claim(limit: number): Promise<DueLetter[]> {
    return this.database.transaction(async ({ manager }) => {
      const [rows] = await manager.query<[(DueLetter & { first_failed_at: Date })[], number]>(
        `update ${TABLE} set due_at = now() + $2 * interval '1 second', attempts = attempts + 1
         where id in (select id from ${TABLE} where due_at <= now()
           order by due_at, first_failed_at limit $1 for update skip locked)
         returning id, consumer, event_id, subject, event, state, attempts, first_failed_at`,
        [limit, CLAIM_SECONDS],
      );
      return rows.sort((one, other) => one.first_failed_at.getTime() - other.first_failed_at.getTime());
    });
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
  async told(ids: readonly string[]): Promise<void> {
    await this.#write(`due_at = null where id = any($1) and state = 'discarded'`, [ids]);
  }

  /** The consumer is away: the work is repeated later. */
  async postpone(ids: readonly string[], waitMs: number): Promise<void> {
    await this.#write(
      `due_at = now() + $2 * interval '1 millisecond' where id = any($1) and state in ('replaying', 'discarded')`,
      [ids, waitMs],
    );
  }

  /** Some letters that wait, by consumer, at most 1000 each: event ids. */
  async waiting(): Promise<Map<string, string[]>> {
    const rows = await this.database.read((manager) =>
      manager.query<{ consumer: string; event_ids: string[] }[]>(
        `select consumer, (array_agg(event_id order by random()))[1:1000] as event_ids
         from ${TABLE} where state = 'waiting' group by consumer`,
      ),
    );
    return new Map(rows.map(({ consumer, event_ids }) => [consumer, event_ids]));
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
