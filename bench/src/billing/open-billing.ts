import { createLogger } from '../../../libs/observability/src/index.ts';
import { Database, LIBRARY_MIGRATIONS } from '../../../libs/persistence/src/index.ts';
import type { PostgresServer } from '../../../libs/testing/src/postgres-server.ts';
import { migrations } from '../../../services/billing/migrations/index.ts';

/** The database of billing on a server of its own, with all its tables. */
export async function openBilling(postgres: PostgresServer): Promise<{ database: Database; url: string }> {
  const url = await postgres.createServiceDatabase('billing');
  const database = new Database({
    ...{ url, schema: 'billing', applicationName: 'bench', poolSize: 2 },
    migrations: [...LIBRARY_MIGRATIONS, ...migrations],
    logger: createLogger({ service: 'billing', instance: 'bench', level: 'silent' }),
  });
  database.start();
  await database.whenReady();
  return { database, url };
}
