import type pg from 'pg';

/** What PostgreSQL's statistics say about a table. */
export interface TableFacts {
  readonly rows: number;
  readonly bytes: number;
  /** Rows that one scan of the whole table has read, on average; null when there was none. */
  readonly rowsRead: number | null;
  readonly rowsWritten: number;
  /** The columns of each index that holds all rows, in their order. */
  readonly indexes: readonly (readonly string[])[];
  /** How many values a column has; from below, when that depends on the rows. */
  readonly values: ReadonlyMap<string, number>;
}

interface Row {
  readonly oid: number;
  readonly rows: number;
  readonly bytes: number;
  readonly rows_read: number | null;
  readonly rows_written: number;
}

const TABLE = `
  select c.oid::int8::float8 as oid, c.reltuples::float8 as rows, pg_relation_size(c.oid)::float8 as bytes,
    s.seq_tup_read::float8 / nullif(s.seq_scan, 0) as rows_read, (s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::float8 as rows_written
  from pg_class c join pg_stat_user_tables s on s.relid = c.oid
  where c.relnamespace = current_schema()::regnamespace and c.relname = $1 and c.relkind = 'r' and not c.relispartition
    and c.relpersistence = 'p' and c.relowner = (select oid from pg_roles where rolname = current_user)`;

const INDEXES = `
  select (select array_agg(coalesce(a.attname, '')::text order by k.place)
    from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality k (column_number, place)
      left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.column_number) as columns
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
  where i.indrelid = $1::oid and i.indpred is null and m.amname = 'btree'`;

const VALUES = `
  select attname as name, case when n_distinct < 0 then -n_distinct * $2 else n_distinct end::float8 as values
  from pg_stats where schemaname = current_schema() and tablename = $1`;

/**
 * Null for what no index can be built for here: a partition, a partitioned table, a view, a table of another role. An index that is not valid
 * counts, too: somebody is building it.
 */
export async function readTable(client: Pick<pg.Client, 'query'>, table: string): Promise<TableFacts | null> {
  const { rows } = await client.query<Row>(TABLE, [table]);
  const row = rows[0];
  if (!row) return null;
  const indexes = await client.query<{ columns: string[] | null }>(INDEXES, [row.oid]);
  const values = await client.query<{ name: string; values: number }>(VALUES, [table, Math.max(row.rows, 0)]);
  return {
    rows: row.rows,
    bytes: row.bytes,
    rowsRead: row.rows_read,
    rowsWritten: row.rows_written,
    indexes: indexes.rows.map(({ columns }) => columns ?? []),
    values: new Map(values.rows.map((one) => [one.name, one.values])),
  };
}
