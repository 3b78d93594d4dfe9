import { createLogger } from '@gridworks/observability';
import { type PostgresServer, recordHealing } from '@gridworks/testing';
import { Database, type DatabaseOptions } from '../src/database/database.ts';
import { LIBRARY_MIGRATIONS } from '../src/migrations/library-migrations.ts';

export const silent = createLogger({ service: 'support', instance: 'support', level: 'silent' });

/** A started database as the module would make it, ready unless `url` leads nowhere. */
export function startDatabase(options: Partial<DatabaseOptions> & { url: string }): Database {
  const database = new Database({
    schema: 'support',
    applicationName: 'support',
    migrations: LIBRARY_MIGRATIONS,
    logger: silent,
    healing: recordHealing().healing,
    ...options,
  });
  database.start();
  return database;
}

export async function openDatabase(options: Partial<DatabaseOptions> & { url: string }): Promise<Database> {
  const database = startDatabase(options);
  await database.whenReady();
  return database;
}

/** The number of committed rows, read over another connection. */
export async function countRows(server: PostgresServer, url: string, table: string): Promise<number> {
  const [row] = await server.query<{ n: number }>(`select count(*)::int as n from ${table}`, [], url);
  return row?.n ?? -1;
}

/** The result of a promise, and the time it took in milliseconds. */
export async function outcome<T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown; ms: number }> {
  const began = performance.now();
  try {
    return { value: await promise, ms: performance.now() - began };
  } catch (error) {
    return { error, ms: performance.now() - began };
  }
}
