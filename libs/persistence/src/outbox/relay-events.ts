import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, UNAVAILABLE } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.ts';
import { WakeableLoop } from '../loop/wakeable-loop.ts';
import type { EventBus } from './event-bus.ts';
import { consumersOf } from './event-consumers.ts';

export interface EventRelayOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly logger: Logger;
  /** Rows per transaction. Default 200. */
  readonly batchSize?: number;
  /**
   * How often to search for events that nobody has announced: of a process that died after its commit, or of one that another
   * process kept from publishing. Default 500 ms, and 2 s once there was nothing for 5 s.
   */
  readonly pollMs?: number;
  /** How long consumers have before the sweeper requests their confirmation. Default 10 s. */
  readonly confirmAfterMs?: number;
}

interface Failure {
  readonly row: PendingRow;
  readonly error: unknown;
}

interface PendingRow {
  readonly id: string;
  readonly subject: string;
  readonly event: string;
}

// The rows stay locked during this time; well below the limit on an idle transaction (5 s).
const PUBLISH_DEADLINE_MS = 2500;
const MAX_BACKOFF_MS = 2000;
/** How often the events that wait are counted, and up to which number. */
const COUNT_EVERY_MS = 5000;
const COUNTED_AT_MOST = 10_000;
const POLL_MS = 500;
const CALM_POLL_MS = 2000;
const CALM_AFTER_MS = 5000;
const RELAY_LOCK = 0x6f757462;

/**
 * Publishes events from the outbox to the bus, in their order, at least once. Of several processes of a
 * service, one at a time does so: its lock and its rows are released the moment its connection ends. Rows are
 * claimed by status, never by "number above the last": numbers become visible out of order.
 */
export class EventRelay {
  readonly #options: Required<Omit<EventRelayOptions, 'pollMs'>> & { readonly pollMs: number | undefined };
  readonly #loop = new WakeableLoop((woken) => this.#turn(woken));
  readonly #published = counter(
    'outbox_events_published_total',
    'Events published from the outbox to the bus',
  );
  #failures = 0;
  #waiting: number | null = null;
  #countedAt = Number.NEGATIVE_INFINITY;
  #workedAt = performance.now();

  constructor(options: EventRelayOptions) {
    this.#options = { batchSize: 200, pollMs: undefined, confirmAfterMs: 10_000, ...options };
  }

  start(): void {
    this.#loop.start();
  }

  /**
   * Events that wait to be published, of all instances of the service, as counted within the last seconds; at most 10,000.
   * Null when that is not known.
   */
  waiting(): number | null {
    return this.#waiting;
  }

  /** Called when there is an event to publish. */
  nudge(): void {
    // While the bus is away a commit must not shorten the pause.
    if (this.#failures === 0) this.#loop.wake();
  }

  /**
   * Ends the loop, then publishes the remaining events, for as long as the bus accepts them and at most
   * `timeoutMs`.
   */
  async stop(timeoutMs = 2000): Promise<void> {
    await this.#loop.stop();
    const end = Date.now() + timeoutMs;
    try {
      while (this.#options.bus.state() === 'connected' && Date.now() < end)
        if (!(await this.relay()).more) break;
    } catch (error) {
      this.#options.logger.log('outbox.left_unpublished', { error });
    }
  }

  /**
   * Publishes one batch in one transaction. `more`: there may be more that is due now. Throws when nothing of
   * the batch could be published; the rows are then unchanged.
   */
  relay(): Promise<{ sent: number; more: boolean }> {
    const { database, batchSize } = this.#options;
    return database.transaction(async ({ manager }) => {
      const rows: PendingRow[] = await manager.query(
        `with turn as materialized (select pg_try_advisory_xact_lock($1, hashtext(current_schema())) as mine)
         select id, subject, event::text as event from outbox, turn
         where mine and status = 'pending' and due_at <= now()
         order by sequence limit $2 for update of outbox skip locked`,
        [RELAY_LOCK, batchSize],
      );
      if (rows.length === 0) return { sent: 0, more: false };
      const { sent, failures } = await this.#publish(rows);
      // The bus is away: leave the rows unchanged and try again later.
      if (sent.length === 0 && failures.every(isTemporary)) throw failures[0]?.error;
      await this.#markSent(manager, sent);
      await this.#markFailed(manager, failures);
      return { sent: sent.length, more: rows.length === batchSize };
    });
  }

  /** Returns the milliseconds until the next turn. */
  async #turn(wasWoken: boolean): Promise<number> {
    const { bus, logger, pollMs = POLL_MS } = this.#options;
    await this.#count();
    if (bus.state() !== 'connected') return pollMs;
    try {
      const { more } = wasWoken || (await this.#somethingIsDue()) ? await this.#work() : { more: false };
      this.#failures = 0;
      return more ? 0 : this.#pauseMs();
    } catch (error) {
      this.#failures++;
      if (this.#failures === 1) logger.log('outbox.publish_failed', { error });
      return Math.min(50 * 2 ** this.#failures, MAX_BACKOFF_MS);
    }
  }

  #work(): Promise<{ more: boolean }> {
    this.#workedAt = performance.now();
    return this.relay();
  }

  #pauseMs(): number {
    const isCalm = performance.now() - this.#workedAt > CALM_AFTER_MS;
    return this.#options.pollMs ?? (isCalm ? CALM_POLL_MS : POLL_MS);
  }

  async #count(): Promise<void> {
    const now = performance.now();
    if (now - this.#countedAt < COUNT_EVERY_MS) return;
    this.#countedAt = now;
    const count = this.#options.database.read(async (manager): Promise<number | null> => {
      const [row]: { waiting: number }[] = await manager.query(
        `select count(*)::int as waiting from (select from outbox where status = 'pending' limit $1) pending`,
        [COUNTED_AT_MOST],
      );
      return row?.waiting ?? null;
    });
    this.#waiting = await count.catch(() => null);
  }

  /** Most turns find nothing, and need no transaction for that. */
  #somethingIsDue(): Promise<boolean> {
    return this.#options.database.read(async (manager) => {
      const [row]: { due: boolean }[] = await manager.query(
        `select exists (select from outbox where status = 'pending' and due_at <= now()) as due`,
      );
      return row?.due === true;
    });
  }

  async #publish(rows: readonly PendingRow[]): Promise<{ sent: PendingRow[]; failures: Failure[] }> {
    const sent: PendingRow[] = [];
    const failures: Failure[] = [];
    // All at once: they are sent over one connection in this order, and their acknowledgements come in any
    // order.
    const all = rows.map((row) =>
      this.#options.bus.publishRaw(row.subject, row.event, { 'Nats-Msg-Id': row.id }).then(
        () => sent.push(row),
        (error: unknown) => failures.push({ row, error }),
      ),
    );
    const deadline = new AbortController();
    await Promise.race([
      Promise.all(all),
      sleep(PUBLISH_DEADLINE_MS, undefined, { ref: false, signal: deadline.signal }).catch(() => undefined),
    ]);
    deadline.abort();
    const silent = new Set(rows);
    for (const row of [...sent, ...failures.map((failure) => failure.row)]) silent.delete(row);
    // Copies, since late acknowledgements still arrive. An event that is stored after all is a duplicate that
    // the bus drops.
    return {
      sent: [...sent],
      failures: [...failures, ...[...silent].map((row) => ({ row, error: noAnswer() }))],
    };
  }

  async #markSent(manager: EntityManager, sent: readonly PendingRow[]): Promise<void> {
    if (sent.length === 0) return;
    await manager.query(
      `update outbox set
         status = case when heard then 'published' else 'confirmed' end,
         publications = publications + 1, published_at = now(), attempts = 0,
         confirmed_at = case when heard then null else now() end,
         due_at = now() + $3 * interval '1 millisecond'
       from unnest($1::text[], $2::boolean[]) as sent (sent_id, heard) where id = sent_id`,
      [
        sent.map((row) => row.id),
        sent.map((row) => consumersOf(row.subject).length > 0),
        this.#options.confirmAfterMs,
      ],
    );
    this.#published.inc(sent.length);
  }

  /** One event that the bus refuses (too large, forbidden) must not delay the others. */
  async #markFailed(manager: EntityManager, failures: readonly Failure[]): Promise<void> {
    if (failures.length === 0) return;
    this.#options.logger.log('outbox.events_refused', {
      error: failures[0]?.error,
      events: failures.map(({ row }) => row.id),
    });
    await manager.query(
      `update outbox set attempts = attempts + 1,
         due_at = clock_timestamp() + least(power(2, attempts), 60) * interval '1 second'
       where id = any($1)`,
      [failures.map(({ row }) => row.id)],
    );
  }
}

const noAnswer = (): AppError =>
  new AppError(UNAVAILABLE, { detail: 'The bus did not acknowledge the event in time.' });

const isTemporary = ({ error }: Failure): boolean => error instanceof AppError && error.retryable;
