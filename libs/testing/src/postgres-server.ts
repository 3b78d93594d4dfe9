import pg from 'pg';
import { ADMIN_PASSWORD, copyCluster, postgresBinaries, unprivilegedOwner } from './postgres-template.ts';
import { ServerProcess } from './server-process.ts';

export interface PostgresServer {
  /** URL of the superuser, database `postgres`. For services use `createServiceDatabase`. */
  readonly adminUrl: string;
  /** The same URL; for tests that need only a server. */
  readonly url: string;
  readonly port: number;
  /** The process id of the postmaster. */
  readonly pid: number;
  /**
   * Creates a database with a role and a schema named after the service, as in production: the role is no
   * superuser, owns only its schema, and has it as `search_path`. Returns the role's URL. Each call creates a
   * new database, unless `database` names one: then several services share it.
   */
  createServiceDatabase(service: string, options?: { database?: string }): Promise<string>;
  /** Runs SQL as superuser: `pg_terminate_backend`, locks, reading a service's tables. */
  query<R extends pg.QueryResultRow>(sql: string, values?: unknown[], url?: string): Promise<R[]>;
  /** SIGKILL to the postmaster. */
  kill9(): Promise<void>;
  /** SIGSTOP to the postmaster and all its children. */
  freeze(): void;
  thaw(): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

// `synchronous_commit` stays on: with `fsync` off it costs nothing, and a kill -9 must lose no commit.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '100',
  shared_buffers: '16MB',
  // The lowest value: a test connects often, and its passwords protect nothing.
  scram_iterations: '1',
  autovacuum: 'off',
  log_checkpoints: 'off',
};

/**
 * Starts a real PostgreSQL on a free port, in a folder that is removed by `stop()` or with the test process.
 * Takes under one second, except for the first time on a machine. `settings` adds to or replaces server
 * settings.
 */
export async function startPostgres(
  options: { settings?: Record<string, string> } = {},
): Promise<PostgresServer> {
  const [binaries, owner] = await Promise.all([postgresBinaries(), unprivilegedOwner()]);
  const server = await ServerProcess.start({
    name: 'postgres',
    owner,
    env: { ...process.env, LC_ALL: 'C' },
    prepare: (directory) => copyCluster(directory, owner),
    command: ({ port, directory }) => ({
      file: binaries.postgres,
      args: [
        ...['-D', directory, '-p', String(port)],
        ...Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]),
      ],
    }),
    isReady: (output) => output.includes('database system is ready to accept connections'),
  });
  const urlFor = (user: string, password: string, database: string) =>
    `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`;
  const adminUrl = urlFor('postgres', ADMIN_PASSWORD, 'postgres');
  let databases = 0;

  const query = async <R extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
    url = adminUrl,
  ): Promise<R[]> => {
    // Services see the rows of a partner only after they have said which; a test sees all of them.
    const options = '-c gridworks.tenant=*';
    const client = new pg.Client({ connectionString: url, options, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined); // tests kill the server
    await client.connect();
    try {
      return (await client.query<R>(sql, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };

  return {
    url: adminUrl,
    adminUrl,
    port: server.port,
    get pid() {
      return server.pid;
    },
    query,
    async createServiceDatabase(service, { database } = {}) {
      const name = database ?? `${service}_${++databases}`;
      const role = pg.escapeIdentifier(service);
      const known = await query('select 1 from pg_database where datname = $1', [name]);
      if (known.length === 0) await query(`create database ${pg.escapeIdentifier(name)}`);
      const admin = urlFor('postgres', ADMIN_PASSWORD, name);
      const hasRole = await query('select 1 from pg_roles where rolname = $1', [service]);
      if (hasRole.length === 0)
        await query(`create role ${role} login password ${pg.escapeLiteral(service)} nosuperuser nocreatedb`);
      await query(
        `create schema if not exists ${role} authorization ${role};
         alter role ${role} set search_path = ${role};
         revoke all on schema public from public;`,
        [],
        admin,
      );
      return urlFor(service, service, name);
    },
    kill9: () => server.kill9(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}
