import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { type ServerCheck, StoreNotJudged } from './server-check.ts';

/** Less than a check of a store may take: silence says nothing about writes, and `ask` sees it. */
const WRITE_TIMEOUT_MS = 2000;
const WRITE = `
  insert into write_checks (id, written_at) values (1, now())
  on conflict (id) do update set written_at = excluded.written_at`;

/** Asks PostgreSQL over a connection of its own, beside the pool: whether it answers, and whether it takes writes. */
@Injectable()
export class PostgresCheck implements ServerCheck {
  readonly name = 'postgres';

  constructor(private readonly database: Database) {}

  async probe(signal: AbortSignal): Promise<string | null> {
    try {
      await this.database.check(signal);
    } catch (error) {
      // Our own tables are no concern of the server's health: it did answer.
      const responded = this.database.boot() !== null && /schema is not ready/.test(String(error));
      if (!responded) throw error;
    }
    return this.database.boot();
  }

  async store(): Promise<void> {
    const refusal = await this.database
      .writeRefusal(WRITE, AbortSignal.timeout(WRITE_TIMEOUT_MS))
      .catch((error: unknown) => {
        throw new StoreNotJudged('nobody knows whether it takes writes', { cause: error });
      });
    if (refusal !== null) throw new Error(refusal);
  }
}
