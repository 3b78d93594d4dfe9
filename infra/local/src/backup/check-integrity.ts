import type pg from 'pg';

/** What `amcheck` found in the portal's database. */
export interface Integrity {
  readonly indexes: number;
  readonly tables: number;
  /** A sentence each. */
  readonly damaged: readonly string[];
}

const RELATIONS = `
  select c.oid::regclass::text as name, c.relkind = 'i' as index
  from pg_class c left join pg_am a on a.oid = c.relam left join pg_index i on i.indexrelid = c.oid
  where c.relpersistence = 'p' and (c.relkind in ('r', 'm', 't') and a.amname = 'heap'
    or c.relkind = 'i' and a.amname = 'btree' and i.indisvalid and i.indisready)
  order by c.oid`;

/**
 * Checks every table and every B-tree index with PostgreSQL's extension `amcheck`, system catalogs too, and that each
 * index has an entry for each row. It reads everything and creates the extension: only for a scratch server. Null where the extension is not installed.
 */
export async function checkIntegrity(client: pg.Client): Promise<Integrity | null> {
  const known = await client.query<{ schema: string | null }>(
    `select quote_ident(e.extnamespace::regnamespace::text) as schema from pg_available_extensions a
     left join pg_extension e on e.extname = a.name where a.name = 'amcheck'`,
  );
  if (!known.rows[0]) return null;
  // The portal's database has it, one of somebody else perhaps not.
  const schema = known.rows[0].schema ?? 'gridworks_scratch';
  if (known.rows[0].schema === null)
    await client.query(`create schema ${schema}; create extension amcheck schema ${schema}`);
  const { rows } = await client.query<{ name: string; index: boolean }>(RELATIONS);
  const damaged: string[] = [];
  for (const { name, index } of rows) {
    try {
      if (index) await client.query(`select ${schema}.bt_index_check($1::regclass, true)`, [name]);
      else {
        const found = await client.query(`select blkno, msg from ${schema}.verify_heapam($1) limit 1`, [
          name,
        ]);
        for (const { blkno, msg } of found.rows) damaged.push(`table ${name}, block ${blkno}: ${msg}`);
      }
    } catch (error) {
      damaged.push(`${index ? 'index' : 'table'} ${name}: ${(error as Error).message}`);
    }
  }
  const indexes = rows.filter((row) => row.index).length;
  return { indexes, tables: rows.length - indexes, damaged };
}
