import type { IndexColumn } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import pg from 'pg';
import type { Database } from '../database/database.ts';
import { indexKey } from './try-index.ts';

/** What must be waited for first, such as an open transaction on the table, is waited for so long at a time, milliseconds. */
const LOCK_MS = 5000;
/** Ends in the name of a migration: nobody but a human may end it, however long it takes. */
const PURPOSE = 'index:migrations';

/**
 * Builds and drops indexes of the service, one at a time, without keeping readers or writers of the table waiting (CONCURRENTLY). A build goes on in
 * PostgreSQL when this process ends. A build that fails leaves an index that is not valid: whoever asked for it looks, and has it dropped.
 */
export class IndexBuilder {
  readonly #database: Database;
  readonly #logger: Logger;
  #running: Promise<void> | undefined;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  build({ columns, index, table }: { columns: readonly IndexColumn[]; index: string; table: string }) {
    const on = pg.escapeIdentifier(table);
    return this.#begin(
      index,
      `create index concurrently if not exists ${pg.escapeIdentifier(index)} on ${on} (${indexKey(columns)})`,
    );
  }

  drop({ index }: { index: string }) {
    return this.#begin(index, `drop index concurrently if exists ${pg.escapeIdentifier(index)}`);
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  #begin(index: string, statement: string): { state: 'started' | 'busy' } {
    if (this.#running) return { state: 'busy' };
    this.#running = this.#run(statement)
      .catch((error) => this.#logger.log('index.statement_failed', { index, error }))
      .finally(() => {
        this.#running = undefined;
      });
    return { state: 'started' };
  }

  async #run(statement: string): Promise<void> {
    const client = await this.#database.session(PURPOSE, { lockMs: LOCK_MS, statementMs: 0 });
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
