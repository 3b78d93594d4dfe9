import { randomUUID } from 'node:crypto';
import { type HealthCheck, healthCheckSchema } from '@gridworks/contracts';
import { Database, TimePartitions } from '@gridworks/persistence';
import { withSelfHealing } from '@gridworks/resilience';
import { CallQueue, CallReplays } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { waitsForPostgres } from '../storage/waits-for-postgres.ts';
import { type Tally, tallySchema } from './health-tally.ts';

/**
 * Checks that are written together. With the id of the batch they are written once, however often the write
 * is tried.
 */
interface HistoryBatch {
  readonly id: string;
  readonly checks: readonly HealthCheck[];
  readonly tally: readonly Tally[];
}

/** `queued`: PostgreSQL is away, and JetStream stores the rows until it is back. */
export type Written = 'written' | 'queued';

const SOURCE = 'monitor.history.write';
const DAY_MS = 86_400_000;
/** Whole days, UTC, of checks before today. */
const KEPT_DAYS = 7;
/** Few enough rows that the deletion delays no other query. */
const DELETED_AT_ONCE = 5000;
/**
 * The same consumer name as for a queued call, so that a second delivery, or a call that was written after
 * all, is detected.
 */
const CONSUMER = 'monitor_replay-call';

/** A batch that was queued by an earlier release has no tally. */
const batchSchema = z.object({
  id: z.string(),
  checks: z.array(healthCheckSchema),
  tally: z.array(tallySchema).default([]),
});

const INSERT_SQL = `
  insert into system_health_checks (component, status, observed_at, latency_ms, detail)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[], $5::text[])`;

/** Adds to the minute, its hour and its day, in UTC. */
const ADD_SQL = `
  insert into health_rollups as kept (component, step, starts_at, up_s, degraded_s, down_s, unknown_s)
  select component, step, date_trunc(step, minute, 'UTC'), sum(up), sum(degraded), sum(down), sum(unknown)
  from unnest($1::text[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[])
      as tally (component, minute, up, degraded, down, unknown),
    unnest(array['minute', 'hour', 'day']) as step
  group by 1, 2, 3
  on conflict (component, step, starts_at) do update set
    up_s = kept.up_s + excluded.up_s, degraded_s = kept.degraded_s + excluded.degraded_s,
    down_s = kept.down_s + excluded.down_s, unknown_s = kept.unknown_s + excluded.unknown_s`;

const LATEST_SQL = `
  select component, status, observed_at, latency_ms, detail from system_health_checks
  where component = $1 order by observed_at desc, id desc limit $2`;

const DELETE_ROLLUPS_SQL = `
  with deleted as (
    delete from health_rollups where ctid = any (array(
      select ctid from health_rollups where
        (step = 'minute' and starts_at < now() - interval '7 days')
        or (step = 'hour' and starts_at < now() - interval '35 days')
        or (step = 'day' and starts_at < now() - interval '400 days') limit $1)) returning 1
  )
  select count(*)::int as count from deleted`;

/**
 * The history of checks, kept for seven days, and how long each component was in which state: hours are kept
 * for 35 days, days for 400.
 */
@Injectable()
export class HealthCheckRepository {
  readonly #partitions = new TimePartitions('system_health_checks', 'day');
  readonly #write: (batch: HistoryBatch) => Promise<Written>;

  constructor(
    private readonly database: Database,
    queue: CallQueue,
    replays: CallReplays,
  ) {
    this.#write = withSelfHealing((batch: HistoryBatch) => this.#writeOrReport(batch), {
      source: SOURCE,
      category: 'database',
      dependency: 'postgres',
      idempotencyKey: ({ id }) => id,
      queue: { port: queue, payload: (batch) => batch, respond: () => 'queued' as const },
      // The transaction inside has its own retries and breaker.
      retry: false,
      breaker: false,
      bulkhead: false,
    });
    replays.register(SOURCE, (payload) => this.#insert(batchSchema.parse(payload)));
  }

  /**
   * Writes all checks once: now, or when PostgreSQL is back. Throws when neither PostgreSQL nor the bus
   * accepts them. At most 100 KB of JSON at once, since they may have to fit into one message.
   */
  write(checks: readonly HealthCheck[], tally: readonly Tally[] = []): Promise<Written> {
    return this.#write({ id: randomUUID(), checks, tally });
  }

  /** The stored checks of a component, newest first. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  async latest(component: string, limit: number): Promise<HealthCheck[]> {
    const rows = await this.database.read<(Omit<HealthCheck, 'observed_at'> & { observed_at: Date })[]>(
      (manager) => manager.query(LATEST_SQL, [component, limit]),
    );
    return rows.map((row) => ({ ...row, observed_at: row.observed_at.toISOString() }));
  }

  /**
   * Drops the days of checks, and deletes in steps the sums, that are older than their retention. Returns the number of
   * days and sums.
   */
  async deleteOld(now: number = Date.now()): Promise<number> {
    const dropped = await this.database.transaction((tx) =>
      this.#partitions.dropOld(tx, new Date(now - KEPT_DAYS * DAY_MS)),
    );
    return dropped.length + (await this.#deleteAll(DELETE_ROLLUPS_SQL));
  }

  async #deleteAll(sql: string): Promise<number> {
    for (let deleted = 0; ; ) {
      const rows = await this.database.transaction<{ count: number }[]>((tx) =>
        tx.manager.query(sql, [DELETED_AT_ONCE]),
      );
      const count = rows[0]?.count ?? 0;
      deleted += count;
      if (count < DELETED_AT_ONCE) return deleted;
    }
  }

  async #writeOrReport(batch: HistoryBatch): Promise<Written> {
    try {
      await this.#insert(batch);
      return 'written';
    } catch (error) {
      this.#partitions.forget();
      throw waitsForPostgres(error);
    }
  }

  /** Inserts everything in one transaction. */
  async #insert({ id, checks, tally }: HistoryBatch): Promise<void> {
    await this.database.once({ id }, CONSUMER, async (tx) => {
      await this.#partitions.make(
        tx,
        checks.map(({ observed_at }) => observed_at),
      );
      await tx.manager.query(INSERT_SQL, [
        checks.map(({ component }) => component),
        checks.map(({ status }) => status),
        checks.map(({ observed_at }) => observed_at),
        checks.map(({ latency_ms }) => latency_ms),
        checks.map(({ detail }) => detail),
      ]);
      if (tally.length === 0) return;
      await tx.manager.query(ADD_SQL, [
        tally.map(({ component }) => component),
        tally.map(({ minute }) => minute),
        tally.map(({ up }) => up),
        tally.map(({ degraded }) => degraded),
        tally.map(({ down }) => down),
        tally.map(({ unknown }) => unknown),
      ]);
    });
  }
}
