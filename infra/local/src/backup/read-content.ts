import type pg from 'pg';

/** A table's rows, and a checksum over them that does not depend on their order. */
export interface TableContent {
  /** `schema.table`. Partitions are listed, partitioned tables are not. */
  readonly table: string;
  readonly rows: number;
  readonly checksum: string;
  /** With indexes. */
  readonly bytes: number;
}

/** The content of the portal's database that a manifest lists and a verification compares. */
export interface DatabaseContent {
  readonly tables: readonly TableContent[];
  /** Applied migrations by schema. */
  readonly migrations: Readonly<Record<string, readonly string[]>>;
  /** Each role with its attributes and memberships; never its password. */
  readonly roles: readonly string[];
  /** Each right on the database, a schema, a table or a sequence, in the words of PostgreSQL. */
  readonly grants: readonly string[];
}

/** Values print the same everywhere, so that checksums of the same rows are the same. */
const PLAIN = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
  set extra_float_digits = 1; set bytea_output = 'hex'; set search_path = pg_catalog; set statement_timeout = 0`;

const OWN_SCHEMA = `n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`;

const ROLES = `
  select r.rolname || ':' || concat_ws(',', case when r.rolsuper then 'superuser' end,
      case when r.rolcanlogin then 'login' end, case when r.rolcreatedb then 'createdb' end,
      case when r.rolcreaterole then 'createrole' end, case when r.rolreplication then 'replication' end,
      case when r.rolbypassrls then 'bypassrls' end)
    || coalesce(' in ' || (select string_agg(g.rolname, ',' order by g.rolname) from pg_auth_members m
        join pg_roles g on g.oid = m.roleid where m.member = r.oid), '') as line
  from pg_roles r where r.rolname not like 'pg\\_%' order by 1`;

const GRANTS = `
  select 'database ' || datname || ' ' || a::text as line
    from pg_database, unnest(coalesce(datacl, acldefault('d', datdba))) a where datname = current_database()
  union all select 'schema ' || n.nspname || ' ' || a::text
    from pg_namespace n, unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) a where ${OWN_SCHEMA}
  union all select 'relation ' || n.nspname || '.' || c.relname || ' ' || a::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      unnest(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) a
    where c.relkind in ('r', 'p', 'v', 'm', 'S') and ${OWN_SCHEMA}
  order by 1`;

const TABLES = `
  select n.nspname as schema, c.relname as name, pg_total_relation_size(c.oid)::text as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.relpersistence = 'p' and ${OWN_SCHEMA} order by 1, 2`;

/**
 * Reads every table of the client's database once. Sums of hashes are the same in any order of the rows; each
 * row counts with two sums of 64 bits of its MD5. `report` gets each table's name before it is read. Throws what PostgreSQL throws.
 */
export async function readContent(
  client: pg.Client,
  report: (table: string) => void = () => undefined,
): Promise<DatabaseContent> {
  await client.query(PLAIN);
  // One snapshot for all tables: the server may be in use.
  await client.query('begin isolation level repeatable read read only');
  try {
    const lines = async (sql: string) =>
      (await client.query<{ line: string }>(sql)).rows.map((row) => row.line);
    const tables: TableContent[] = [];
    const migrations: Record<string, string[]> = {};
    for (const { schema, name, bytes } of (await client.query(TABLES)).rows) {
      report(`${schema}.${name}`);
      const address = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
      const { rows } = await client.query(sumOf(address));
      tables.push({
        table: `${schema}.${name}`,
        rows: Number(rows[0].rows),
        checksum: rows[0].checksum,
        bytes: Number(bytes),
      });
      if (name === 'migrations')
        migrations[schema] = await lines(`select name as line from ${address} order by name`);
    }
    return { tables, migrations, roles: await lines(ROLES), grants: await lines(GRANTS) };
  } finally {
    await client.query('rollback');
  }
}

const half = (part: 'left' | 'right') => `sum(('x' || ${part}(h, 16))::bit(64)::bigint::numeric)`;
const sumOf = (address: string) => `
  select count(*)::text as rows, coalesce(${half('left')}::text || ':' || ${half('right')}::text, '') as checksum
  from (select md5(t::text) as h from ${address} t) hashes`;
