import pg from 'pg';
import { explainStatement } from './explain-statement.ts';
import type { Candidate } from './find-candidates.ts';
import { indexesOf, type PlanNode } from './plan-node.ts';

/** Enough rows for a plan that means something, few enough to copy within a moment. */
export const SAMPLE_ROWS = 20_000;
/** No longer than this is a lock waited for, milliseconds. The trial needs only what every read needs. */
const LOCK_MS = 500;

/** How a statement is planned over a sample of the table, without an index and with it. */
export interface Trial {
  readonly sampleRows: number;
  readonly without: PlanNode;
  readonly with: PlanNode;
  /** Bytes of the index over the sample. */
  readonly indexBytes: number;
  /** Whether the plan uses the index. */
  readonly isUsed: boolean;
}

/**
 * Builds the index over a temporary copy of some of the table's rows, which stands in for the table because its name is found first, and rolls everything back.
 * The table itself is only read, as by any SELECT. A smaller table makes less of a difference than the real one, so that the trial promises rather too little.
 * Throws PostgreSQL's error.
 */
export async function tryIndex(
  client: pg.Client,
  { columns, table }: Candidate,
  { rows, statement }: { readonly rows: number; readonly statement: string },
): Promise<Trial> {
  const name = pg.escapeIdentifier(table);
  const copy = `pg_temp.${name}`;
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = ${LOCK_MS}`);
    // The copy has the indexes of the table: the new one must be better than these.
    await client.query(
      `create temporary table ${name} (like ${name} including indexes including storage) on commit drop`,
    );
    const percent = Math.min(100, (SAMPLE_ROWS / rows) * 120);
    const { rowCount } = await client.query(
      `insert into ${copy} select * from ${await originOf(client, table)} tablesample system (${percent}) limit ${SAMPLE_ROWS}`,
    );
    await client.query(`analyze ${copy}`);
    const without = await explainStatement(client, statement);
    const index = 'gridworks_trial';
    await client.query(`create index ${index} on ${copy} (${indexKey(columns)})`);
    const { rows: size } = await client.query<{ bytes: number }>(
      `select pg_relation_size('pg_temp.${index}'::regclass)::float8 as bytes`,
    );
    const withIndex = await explainStatement(client, statement);
    return {
      sampleRows: rowCount ?? 0,
      without,
      with: withIndex,
      indexBytes: size[0]?.bytes ?? 0,
      isUsed: indexesOf(withIndex).includes(index),
    };
  } finally {
    await client.query('rollback');
  }
}

/** The address of the table itself, which its copy hides. */
async function originOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ address: string }>(
    `select format('%I.%I', current_schema(), $1::text) as address`,
    [table],
  );
  return rows[0]?.address as string;
}

/** `"partner_id", "created_at" desc` */
export const indexKey = (columns: Candidate['columns']): string =>
  columns
    .map(({ descending, name }) => `${pg.escapeIdentifier(name)}${descending ? ' desc' : ''}`)
    .join(', ');
