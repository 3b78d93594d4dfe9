import { Database, SchemaNotReadyError } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { type ServerCheck, StoreNotJudged } from './server-check.ts';

/** Less than the time limit of a store check. A timeout says nothing about writes; `probe` detects it. */
const WRITE_TIMEOUT_MS = 2000;
const WRITE = `
  insert into write_checks (id, written_at) values (1, now())
  on conflict (id) do update set written_at = excluded.written_at`;

/**
 * Checks PostgreSQL over a connection of its own, beside the pool: whether it responds, and whether it
 * accepts writes.
 */
@Injectable()
export class PostgresCheck implements ServerCheck {
  readonly name = 'postgres';

  constructor(private readonly database: Database) {}

  async probe(signal: AbortSignal): Promise<string | null> {
    try {
      await this.database.check(signal);
    } catch (error) {
      // Monitor's own tables say nothing about the server's health: the server did respond.
      const responded = this.database.boot() !== null && error instanceof SchemaNotReadyError;
      if (!responded) throw error;
    }
    return this.database.boot();
  }

  async store(): Promise<void> {
    const refusal = await this.database
      .writeRefusal(WRITE, AbortSignal.timeout(WRITE_TIMEOUT_MS))
      .catch((error: unknown) => {
        throw new StoreNotJudged('it is not known whether PostgreSQL accepts writes', { cause: error });
      });
    if (refusal !== null) throw new Error(refusal);
  }
}
