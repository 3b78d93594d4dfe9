import pg from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface } from 'typeorm';
import { type ConnectionOptions, type ConnectionPool, clientConfig } from './connection-pool.ts';

/** A migration class. Its name ends in 13 digits, the order in which migrations run. */
export type MigrationClass = new () => MigrationInterface;

/**
 * The first half of our two-part advisory locks; the second half is made from the schema. Who looks at sessions
 * recognises a migration by it.
 */
export const MIGRATION_LOCK = 0x67726964;

/**
 * Brings the schema up to date, each migration in a transaction of its own, under an advisory lock: of
 * several processes that start at once, one applies the migrations, the others wait and find nothing to do. A
 * process that is killed leaves the migrations it finished. When there is nothing to do, this takes one round
 * trip.
 *
 * Returns the names of the applied migrations. Throws the error of a migration.
 */
export async function applyMigrations(
  pool: ConnectionPool,
  options: ConnectionOptions,
  migrations: readonly MigrationClass[],
): Promise<string[]> {
  if (await isUpToDate(pool, migrations)) return [];
  const { url, schema } = options;
  const session = clientConfig({ ...options, applicationName: `${options.applicationName}:migrations` });
  // A data source of its own, since a migration may take longer than any query of the service.
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: [...migrations],
    installExtensions: false,
    poolSize: 1,
    connectTimeoutMS: 5000,
    extra: {
      ...session,
      // Without this option the session of a killed process would hold the lock until its statement ends.
      options: `${session.options} -c client_connection_check_interval=1000`,
      lock_timeout: 60_000,
      statement_timeout: 600_000,
    },
    poolErrorHandler: () => undefined, // the current query fails, which is enough
  });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    // The lock belongs to the session: it is released when the process ends, in whatever way.
    await runner.query('select pg_advisory_lock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
    if (!(await runner.hasSchema(schema))) await runner.query(`create schema ${pg.escapeIdentifier(schema)}`);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'each';
    return (await executor.executePendingMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy(); // ends the session, and with it the lock
  }
}

async function isUpToDate(pool: ConnectionPool, migrations: readonly MigrationClass[]): Promise<boolean> {
  try {
    const { rows } = await pool.query<{ name: string }>('select name from migrations');
    const applied = new Set(rows.map((row) => row.name));
    return migrations.every((migration) => applied.has(new migration().name ?? migration.name));
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return false; // undefined_table: the first boot
    throw error;
  }
}
