import { Database, type DatabaseSession } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { CheckOutcome, RunnableCheck } from '../check-outcome.ts';
import { IndexCheckRepository } from './index-check.repository.ts';
import { isWithin } from './quiet-hours.ts';

/** Each index has its turn once in a night, even when a round began late. */
const OLDER_THAN_MS = 20 * 3_600_000;
/** A run begins no further index after this time. */
const BUDGET_MS = 500;
const LOCK_MS = 500;
/** SQLSTATE: data corrupted, index corrupted. */
const DAMAGED = new Set(['XX001', 'XX002']);
/** A lock, a cancelled statement, a statement that took too long. */
const UNFINISHED = new Set(['55P03', '57014']);
/** An index was dropped meanwhile. */
const GONE = new Set(['42P01', '42704', 'XX000']);

/** The variables of monitor that this check reads. */
interface Settings {
  readonly MONITOR_INTEGRITY_HOURS: string;
}

/**
 * Whether the B-tree indexes of the live database are intact, by PostgreSQL's extension `amcheck`: a few of them in each run, in quiet hours, with no more than
 * the lock of a reader. A damaged one is checked in every run, so that its repair is noticed. Rows are not read: backups do that.
 */
@Injectable()
export class IntegrityCheck implements RunnableCheck {
  readonly name = 'postgres-integrity';
  readonly configured = true;

  constructor(
    private readonly database: Database,
    private readonly indexes: IndexCheckRepository,
    @Inject(CONFIG) private readonly config: Settings,
  ) {}

  async attempt(timeoutMs: number): Promise<CheckOutcome> {
    const started = performance.now();
    const client = await this.database.session('integrity', { lockMs: LOCK_MS, statementMs: timeoutMs });
    try {
      const schema = await this.indexes.amcheckSchema(client);
      if (schema === null)
        return passed(
          null,
          'cannot be checked: the extension amcheck is not there, or monitor may not use it',
        );
      const all = isWithin(this.config.MONITOR_INTEGRITY_HOURS, new Date());
      for (const index of await this.indexes.due(client, { all, olderThanMs: OLDER_THAN_MS })) {
        await this.#check(client, schema, index.oid);
        if (performance.now() - started > BUDGET_MS) break;
      }
      const { damaged, unfinished } = await this.indexes.figures(client);
      const [first] = damaged;
      if (first) return { passed: false, responseMs: null, detail: describe(damaged.length, first) };
      const tooLarge = `too large to be checked in ${timeoutMs / 1000} s: ${unfinished.join(', ')}`;
      return passed(performance.now() - started, unfinished.length > 0 ? tooLarge : null);
    } finally {
      await client.end();
    }
  }

  async #check(client: DatabaseSession, schema: string, oid: string): Promise<void> {
    try {
      await client.query(`select ${schema}.bt_index_check($1::oid::regclass, false)`, [oid]);
      await this.indexes.keep(oid, null);
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string };
      if (DAMAGED.has(code)) return this.indexes.keep(oid, message);
      if (UNFINISHED.has(code)) return this.indexes.keep(oid, null, true);
      if (!GONE.has(code)) throw error;
    }
  }
}

const passed = (responseMs: number | null, detail: string | null): CheckOutcome => ({
  passed: true,
  responseMs,
  detail,
});

/** Names the first in full: a detail has 300 characters. */
const describe = (count: number, { damage, name }: { damage: string; name: string }): string =>
  `${count === 1 ? 'one index is' : `${count} indexes are`} damaged: ${name}: ${damage}`;
