import pg from 'pg';

/** A role with a schema of its own, both named after the service. */
export interface ServiceRole {
  readonly name: string;
  readonly password: string;
  /** May read the server's statistics (`pg_monitor`). */
  readonly monitors?: boolean;
  /** May see all sessions, and cancel or end those of roles that are no superuser. */
  readonly endsSessions?: boolean;
}

/** The URL's role may not do what provisioning needs. */
export class MayNotProvisionError extends Error {
  override readonly name = 'MayNotProvisionError';
}

/** SQLSTATE 42501, insufficient_privilege. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** A client that gives up rather than hang. */
function clientFor(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    query_timeout: 15_000,
  });
  // A server that goes away shows in the next query; without a listener it would end this process.
  client.on('error', () => {});
  return client;
}

/** Creates a database on the server of `url` unless it is there. Answers the URL of that database. */
export async function ensureDatabase(url: string, database: string): Promise<string> {
  const client = clientFor(url);
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
  const there = new URL(url);
  there.pathname = `/${database}`;
  return there.href;
}

/**
 * Gives every service a role, which is no superuser, and a schema that it owns and that others cannot enter. May be
 * run again: roles get the present password, nothing is lost. `closeToPublic` takes what PostgreSQL grants to everybody
 * on the database, on its schema `public` and on the databases `postgres` and `template1`; only for a server that nobody else uses. Throws MayNotProvisionError, or what PostgreSQL throws.
 */
export async function provisionDatabase(
  url: string,
  roles: readonly ServiceRole[],
  options: { readonly closeToPublic: boolean },
): Promise<void> {
  const client = clientFor(url);
  await client.connect();
  try {
    await client.query('begin');
    // Two starts at once would both find no role.
    await client.query("select pg_advisory_xact_lock(hashtext('gridworks.provision'))");
    const { rows } = await client.query(
      'select current_database() as database, rolsuper as super from pg_roles where rolname = current_user',
    );
    const database = client.escapeIdentifier(rows[0].database);
    if (options.closeToPublic) {
      await client.query(`revoke all on database ${database} from public`);
      await client.query('revoke all on schema public from public');
      // Who is connected to template1 keeps CREATE DATABASE from working; nobody but a superuser has business in either.
      const { rows: others } = await client.query(
        "select datname from pg_database where datname in ('postgres', 'template1')",
      );
      for (const { datname } of others) {
        await client.query(`revoke all on database ${client.escapeIdentifier(datname)} from public`);
      }
    }
    for (const role of roles) await provisionRole(client, role, database, rows[0].super);
    // Only a superuser may create these; without them the portal says what it cannot see.
    if (rows[0].super) await provisionExtensions(client, roles);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE) {
      throw new MayNotProvisionError((error as Error).message, { cause: error });
    }
    throw error;
  } finally {
    await client.end();
  }
}

async function provisionRole(client: pg.Client, role: ServiceRole, database: string, superuser: boolean) {
  const name = client.escapeIdentifier(role.name);
  const password = client.escapeLiteral(role.password);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role.name]);
  await client.query(`${rowCount ? 'alter' : 'create'} role ${name} login password ${password}`);
  if (superuser) await client.query(`alter role ${name} nosuperuser nocreatedb nocreaterole`);
  // Only a member of a role may make a schema for it.
  else await client.query(`grant ${name} to current_user`);
  await client.query(`create schema if not exists ${name} authorization ${name}`);
  await client.query(`alter role ${name} in database ${database} set search_path = ${name}`);
  // A suggested index is tried over a temporary copy of some rows. What PUBLIC has is left to a server of somebody else.
  await client.query(`grant connect${superuser ? ', temporary' : ''} on database ${database} to ${name}`);
  if (role.monitors) await client.query(`grant pg_monitor to ${name}`);
  if (role.endsSessions) await client.query(`grant pg_read_all_stats, pg_signal_backend to ${name}`);
}

/** The schema of PostgreSQL's own extensions, which belongs to no service. */
const EXTENSIONS_SCHEMA = 'extensions';

/** `pg_stat_statements`: which statements take how long. `amcheck`: whether indexes are intact; only who monitors may have them checked. */
async function provisionExtensions(client: pg.Client, roles: readonly ServiceRole[]): Promise<void> {
  await client.query(`create schema if not exists ${EXTENSIONS_SCHEMA}`);
  for (const { name } of roles)
    await client.query(`grant usage on schema ${EXTENSIONS_SCHEMA} to ${client.escapeIdentifier(name)}`);
  const { rows } = await client.query<{ name: string; schema: string | null }>(
    `select a.name, e.extnamespace::regnamespace::text as schema from pg_available_extensions a
     left join pg_extension e on e.extname = a.name where a.name in ('pg_stat_statements', 'amcheck')`,
  );
  for (const { name, schema } of rows) {
    if (schema === null) await client.query(`create extension ${name} schema ${EXTENSIONS_SCHEMA}`);
    if (name !== 'amcheck') continue;
    for (const role of roles.filter(({ monitors }) => monitors))
      await client.query(
        `grant execute on function ${schema ?? EXTENSIONS_SCHEMA}.bt_index_check(regclass, boolean) to ${client.escapeIdentifier(role.name)}`,
      );
  }
}
