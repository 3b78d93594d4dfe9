import { randomUUID } from 'node:crypto';
import { AppError, type HealthCheck, healthCheckSchema } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { withSelfHealing } from '@gridworks/resilience';
import { CallQueue, CallReplays } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type Tally, tallySchema } from './health-tally.ts';

/** Checks that are written together. Its id makes the writing happen once, however often it is tried. */
interface HistoryBatch {
  readonly id: string;
  readonly checks: readonly HealthCheck[];
  readonly tally: readonly Tally[];
}

/** `queued`: PostgreSQL is away, and JetStream keeps the rows until it is back. */
export type Written = 'written' | 'queued';

const SOURCE = 'monitor.history.write';
const KEPT_DAYS = 7;
/** Few enough rows that the deletion holds nobody up. */
const DELETED_AT_ONCE = 5000;
/** As for a queued call, so that one that is delivered twice, or was written after all, is known. */
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

const DELETE_ROLLUPS_SQL = `
  with deleted as (
    delete from health_rollups where ctid = any (array(
      select ctid from health_rollups where
        (step = 'minute' and starts_at < now() - interval '7 days')
        or (step = 'hour' and starts_at < now() - interval '35 days')
        or (step = 'day' and starts_at < now() - interval '400 days') limit $1)) returning 1
  )
  select count(*)::int as count from deleted`;

const DELETE_SQL = `
  with old as (
    select id from system_health_checks
    where observed_at < now() - make_interval(days => ${KEPT_DAYS}) order by observed_at limit $1
  ), deleted as (
    delete from system_health_checks using old where system_health_checks.id = old.id returning 1
  )
  select count(*)::int as count from deleted`;

/** The history of checks, kept for seven days, and how long each component was in which state: hours for 35, days for 400. */
@Injectable()
export class HealthCheckRepository {
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
      // The transaction inside repeats what may be repeated, and has the breaker.
      retry: false,
      breaker: false,
      bulkhead: false,
    });
    replays.register(SOURCE, (payload) => this.#insert(batchSchema.parse(payload)));
  }

  /**
   * Writes all of them once: now, or when PostgreSQL is back. Throws when neither it nor the bus takes them. At most
   * 100 KB of JSON at once, since they may have to travel in one message.
   */
  write(checks: readonly HealthCheck[], tally: readonly Tally[] = []): Promise<Written> {
    return this.#write({ id: randomUUID(), checks, tally });
  }

  /** Deletes what has been kept for long enough, in steps. Returns how many rows. */
  async deleteOld(): Promise<number> {
    return (await this.#deleteAll(DELETE_SQL)) + (await this.#deleteAll(DELETE_ROLLUPS_SQL));
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
      throw isAway(error) ? mustWait(error) : error;
    }
  }

  /** All in one transaction. */
  async #insert({ id, checks, tally }: HistoryBatch): Promise<void> {
    await this.database.once({ id }, CONSUMER, async (tx) => {
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

const isAway = (error: unknown): error is AppError =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'deadline_exceeded');

/**
 * The transaction has found out and reported why PostgreSQL does not take them, be it a full disk. To the history that
 * makes no difference: it has to wait, and nothing else. So this is one error, without the cause, which would decide.
 */
function mustWait(error: AppError): Error {
  const cannotConnectNow = '57P03';
  return Object.assign(new Error(`PostgreSQL does not take the history now: ${error.message}`), {
    code: cannotConnectNow,
  });
}
