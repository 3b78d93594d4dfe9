import { type CheckChange, checkChangeSchema } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { withSelfHealing } from '@gridworks/resilience';
import { CallQueue, CallReplays } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import { waitsForPostgres } from '../storage/waits-for-postgres.ts';

const SOURCE = 'monitor.check-change.write';
// A change that is written again is the same row.
const INSERT_SQL = `
  insert into check_changes (id, check_name, changed_by, changed_at, before, after)
  values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`;
const LATEST_SQL = `
  select id, check_name as "check", changed_by, changed_at, before, after
  from check_changes where check_name = $1 order by id desc limit $2`;

type Row = Omit<CheckChange, 'object' | 'changed_at'> & { readonly changed_at: Date };

/** The audit trail of the table of checks: who changed which check, when, from what to what. Kept for ever. */
@Injectable()
export class CheckChangeRepository {
  readonly #write: (change: CheckChange) => Promise<unknown>;

  constructor(
    private readonly database: Database,
    queue: CallQueue,
    replays: CallReplays,
  ) {
    this.#write = withSelfHealing((change: CheckChange) => this.#insertOrReport(change), {
      source: SOURCE,
      category: 'database',
      dependency: 'postgres',
      idempotencyKey: ({ id }) => id,
      queue: { port: queue, payload: (change) => change, respond: () => undefined },
      // The transaction inside has its own retries and breaker.
      retry: false,
      breaker: false,
      bulkhead: false,
    });
    replays.register(SOURCE, (payload) => this.#insert(checkChangeSchema.parse(payload)));
  }

  /** Writes a change once: now, or when PostgreSQL is back. Throws when neither PostgreSQL nor the bus takes it. */
  async write(change: CheckChange): Promise<void> {
    await this.#write(change);
  }

  /** Newest first. Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  async latest(check: string, limit: number): Promise<CheckChange[]> {
    const rows = await this.database.read<Row[]>((manager) => manager.query(LATEST_SQL, [check, limit]));
    return rows.map((row) => ({
      object: 'check_change',
      ...row,
      changed_at: row.changed_at.toISOString(),
    }));
  }

  async #insertOrReport(change: CheckChange): Promise<void> {
    try {
      await this.#insert(change);
    } catch (error) {
      throw waitsForPostgres(error);
    }
  }

  async #insert({ id, check, changed_by, changed_at, before, after }: CheckChange): Promise<void> {
    await this.database.transaction((tx) =>
      tx.manager.query(INSERT_SQL, [id, check, changed_by, changed_at, before, after]),
    );
  }
}
