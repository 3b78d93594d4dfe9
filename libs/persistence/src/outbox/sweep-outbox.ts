import { inboxRequest } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import type { Database } from '../database/database.ts';
import { WakeableLoop } from '../loop/wakeable-loop.ts';
import type { EventBus } from './event-bus.ts';
import { consumersOf, serviceOf } from './event-consumers.ts';

export interface OutboxSweeperOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly logger: Logger;
  /** How often to sweep. Default 5 s. */
  readonly everyMs?: number;
  /** Events per request to a consumer. Default 1000, the maximum of that request. */
  readonly batchSize?: number;
  /** Wait after the first replay; doubles with each further one. Default 10 s. */
  readonly replayAfterMs?: number;
}

interface PublishedRow {
  readonly id: string;
  readonly subject: string;
  readonly publications: number;
}

const MAX_REPLAY_WAIT_MS = 3_600_000;
// Below the age at which inbox rows are deleted: an older event could take effect twice.
const REPLAY_FOR_DAYS = 25;

/**
 * Compares published events with consumed events. The bus may lose events: a stream is lost with its disk, or
 * a consumer gives an event up. An event that a declared consumer does not confirm is published again, as the
 * same event under another deduplication id. Several processes may do this at once; they publish the same
 * copy, which is stored once.
 */
export class OutboxSweeper {
  readonly #options: Required<OutboxSweeperOptions>;
  readonly #loop = new WakeableLoop(() => this.#turn());
  readonly #replayed = counter(
    'outbox_events_replayed_total',
    'Events published again, because a consumer did not confirm them',
  );

  constructor(options: OutboxSweeperOptions) {
    this.#options = { everyMs: 5000, batchSize: 1000, replayAfterMs: 10_000, ...options };
  }

  start(): void {
    this.#loop.start(Math.random() * this.#options.everyMs);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /**
   * Sweeps one batch of events that are due. Returns how many were confirmed and how many published again.
   */
  async sweep(): Promise<{ confirmed: number; replayed: number; more: boolean }> {
    const { database, batchSize } = this.#options;
    const rows = await database.read<PublishedRow[]>((manager) =>
      manager.query(
        `select id, subject, publications from outbox
         where status = 'published' and due_at <= now() and created_at > now() - $2 * interval '1 day'
         order by due_at limit $1`,
        [batchSize, REPLAY_FOR_DAYS],
      ),
    );
    const { confirmed, missing, unknown } = await this.#compare(rows);
    if (confirmed.length > 0)
      await database.transaction(({ manager }) =>
        manager.query(`update outbox set status = 'confirmed', confirmed_at = now() where id = any($1)`, [
          confirmed,
        ]),
      );
    if (unknown.length > 0) await this.#postpone(unknown);
    let replayed = 0;
    for (const row of missing) if (await this.#replay(row)) replayed++;
    return { confirmed: confirmed.length, replayed, more: rows.length === batchSize };
  }

  async #turn(): Promise<number> {
    const { bus, everyMs, logger } = this.#options;
    if (bus.state() !== 'connected') return everyMs;
    try {
      return (await this.sweep()).more ? 0 : everyMs;
    } catch (error) {
      logger.log('outbox.sweep_failed', { error });
      return everyMs;
    }
  }

  /** `unknown`: a consumer's service did not respond, so nothing is known. */
  async #compare(rows: readonly PublishedRow[]) {
    const open = new Map<string, Set<string>>();
    for (const row of rows)
      for (const consumer of consumersOf(row.subject))
        open.set(consumer, (open.get(consumer) ?? new Set()).add(row.id));
    const missing = new Set<string>();
    const unknown = new Set<string>();
    await Promise.all(
      [...open].map(async ([consumer, ids]) => {
        try {
          const contract = inboxRequest(serviceOf(consumer));
          const response = await this.#options.bus.request(contract, { consumer, event_ids: [...ids] });
          const taken = new Set(response.confirmed);
          for (const id of ids) if (!taken.has(id)) missing.add(id);
        } catch (error) {
          this.#options.logger.log('inbox.request_failed', { error, consumer });
          for (const id of ids) unknown.add(id);
        }
      }),
    );
    return {
      confirmed: rows.filter(({ id }) => !missing.has(id) && !unknown.has(id)).map(({ id }) => id),
      missing: rows.filter(({ id }) => missing.has(id)),
      unknown: rows.filter(({ id }) => unknown.has(id) && !missing.has(id)).map(({ id }) => id),
    };
  }

  async #postpone(ids: readonly string[]): Promise<void> {
    await this.#options.database.transaction(({ manager }) =>
      manager.query(`update outbox set due_at = now() + $2 * interval '1 millisecond' where id = any($1)`, [
        ids,
        this.#options.replayAfterMs,
      ]),
    );
  }

  async #replay(row: PublishedRow): Promise<boolean> {
    const { database, bus, logger, replayAfterMs } = this.#options;
    const [stored] = await database.read<{ event: string }[]>((manager) =>
      manager.query(`select event::text as event from outbox where id = $1`, [row.id]),
    );
    if (!stored) return false;
    await bus.publishRaw(row.subject, stored.event, { 'Nats-Msg-Id': `${row.id}.${row.publications}` });
    const waitMs = Math.min(replayAfterMs * 2 ** (row.publications - 1), MAX_REPLAY_WAIT_MS);
    await database.transaction(({ manager }) =>
      manager.query(
        `update outbox set publications = $2 + 1, published_at = now(), due_at = now() + $3 * interval '1 millisecond'
         where id = $1 and publications = $2`,
        [row.id, row.publications, waitMs],
      ),
    );
    this.#replayed.inc();
    logger.log('event.published_again', {
      event_id: row.id,
      subject: row.subject,
      publications: row.publications + 1,
    });
    return true;
  }
}
