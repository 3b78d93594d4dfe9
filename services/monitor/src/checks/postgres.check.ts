import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ServerCheck } from './server-check.ts';

/** Asks PostgreSQL over a connection of its own, beside the pool. */
@Injectable()
export class PostgresCheck implements ServerCheck {
  readonly name = 'postgres';

  constructor(private readonly database: Database) {}

  async ask(signal: AbortSignal): Promise<string | null> {
    try {
      await this.database.check(signal);
    } catch (error) {
      // Our own tables are no concern of the server's health: it did answer.
      const answered = this.database.boot() !== null && /schema is not ready/.test(String(error));
      if (!answered) throw error;
    }
    return this.database.boot();
  }
}
