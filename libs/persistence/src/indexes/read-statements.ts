import type { StatementFigures } from '@gridworks/contracts';
import { redactText } from '@gridworks/redaction';
import pg from 'pg';

/** A statement that the role of the service has run, as PostgreSQL counts it. */
export interface CountedStatement extends StatementFigures {
  /** With `$1` in place of each value. */
  readonly text: string;
}

type Client = Pick<pg.Client, 'query'>;

/** `EXPLAIN (GENERIC_PLAN)`, which plans a statement without its values. */
const GENERIC_PLAN_SINCE = 160_000;
const MOST_STATEMENTS = 40;

/**
 * Where the extension `pg_stat_statements` is, or the reason in words why its figures cannot be read. It counts only where it is in
 * `shared_preload_libraries`, whoever created it.
 */
export async function findStatementCounts(client: Client): Promise<{ view: string } | { reason: string }> {
  const { rows } = await client.query<{ schema: string | null; usable: boolean; version: number }>(
    `select n.nspname as schema, has_schema_privilege(n.oid, 'usage') as usable,
       current_setting('server_version_num')::int as version
     from (select 1) one left join pg_extension e on e.extname = 'pg_stat_statements' left join pg_namespace n on n.oid = e.extnamespace`,
  );
  const { schema = null, usable = false, version = 0 } = rows[0] ?? {};
  if (version < GENERIC_PLAN_SINCE)
    return { reason: 'PostgreSQL is older than 16 and cannot plan a statement without its values' };
  if (schema === null) return { reason: 'the extension pg_stat_statements is not in this database' };
  if (!usable) return { reason: `the role may not use the schema ${schema}, which holds pg_stat_statements` };
  const view = `${pg.escapeIdentifier(schema)}.pg_stat_statements`;
  try {
    await client.query(`select from ${view} limit 1`);
    return { view };
  } catch (error) {
    return { reason: `pg_stat_statements does not count: ${(error as Error).message}` };
  }
}

const FIGURES = `s.queryid::text as id, s.query as text, s.calls::float8 as calls, s.mean_exec_time as mean_ms,
  s.total_exec_time as total_ms, s.rows::float8 / greatest(s.calls, 1) as rows_returned`;
const OWN = `s.userid = (select oid from pg_roles where rolname = current_user)
  and s.dbid = (select oid from pg_database where datname = current_database()) and s.toplevel`;

/** The statements of this role that took most time in all, of those that a plan can be asked for, and that ran a few times. */
export async function readStatements(client: Client, view: string): Promise<CountedStatement[]> {
  const { rows } = await client.query<Omit<CountedStatement, 'shape'>>(
    `select ${FIGURES} from ${view} s where ${OWN} and s.calls >= 5 and s.mean_exec_time >= 0.5 and s.query ~* '^\\s*(select|update|delete|with|insert)\\M'
     order by s.total_exec_time desc limit ${MOST_STATEMENTS}`,
  );
  return rows.map(withShape);
}

/** Null when PostgreSQL does not count this statement any more. */
export async function readStatement(
  client: Client,
  view: string,
  id: string,
): Promise<CountedStatement | null> {
  const { rows } = await client.query<Omit<CountedStatement, 'shape'>>(
    `select ${FIGURES} from ${view} s where ${OWN} and s.queryid = $1`,
    [id],
  );
  return rows[0] ? withShape(rows[0]) : null;
}

const withShape = (row: Omit<CountedStatement, 'shape'>): CountedStatement => ({
  ...row,
  shape: shapeOf(row.text),
});

/** PostgreSQL has put `$1` in place of values; what it left (comments, a value in a type) goes here. */
export function shapeOf(text: string): string {
  return withoutValues(text.replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' ').replace(/\s+/g, ' '))
    .trim()
    .slice(0, 2000);
}

/** A text of PostgreSQL (statement, plan) that shows no value. */
export const withoutValues = (text: string): string => redactText(text.replace(/'(?:[^']|'')*'/g, "'?'"));

/** What leaves the service of a statement. */
export const figuresOf = ({ text: _, ...figures }: CountedStatement): StatementFigures => figures;
