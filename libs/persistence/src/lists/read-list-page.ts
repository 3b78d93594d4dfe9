import pg from 'pg';
import type { EntityManager } from 'typeorm';

/** The cursors of a list request: at most one of the two. */
export interface ListPageQuery {
  readonly limit: number;
  /** Rows older than the one with this id. */
  readonly starting_after?: string | undefined;
  /** Rows newer than the one with this id. */
  readonly ending_before?: string | undefined;
}

export interface ListSource {
  /** A table that `keepListOrder` was called for. */
  readonly table: string;
  /** The columns to read, as SQL. */
  readonly columns: string;
  /**
   * The source to read from, as SQL, when it is more than the table; it has `id`, `list_position` and the
   * columns below.
   */
  readonly from?: string;
  /**
   * The list: the column that `keepListOrder` got as `by`, and its value. Rows of other lists are ignored.
   */
  readonly list?: Readonly<Record<string, string>>;
  /** Further columns and the values that they must have; `undefined`: any. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** Columns and the least values that they must have; `undefined`: any. */
  readonly since?: Readonly<Record<string, unknown>>;
  /** Columns and values that they must be less than; `undefined`: any. */
  readonly until?: Readonly<Record<string, unknown>>;
  /**
   * Text that one of these columns must contain, in upper or lower case; `undefined`: any. Read without an
   * index.
   */
  readonly search?: { readonly columns: readonly string[]; readonly text: string | undefined };
}

/**
 * Reads one page of a list, and one row more, which shows that there are more: `pageOf` cuts it off. Rows
 * after `starting_after`, or from the top, come newest first; rows before `ending_before` oldest first,
 * starting with the nearest to the cursor. A cursor marks a position and reveals nothing: the id of a foreign
 * or deleted row has the position of its age.
 */
export async function readListPage<Row>(
  manager: EntityManager,
  { table, columns, from, list = {}, where = {}, since = {}, until = {}, search }: ListSource,
  { limit, starting_after, ending_before }: ListPageQuery,
): Promise<Row[]> {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const compare = (columnsAndValues: Readonly<Record<string, unknown>>, how: '=' | '>=' | '<') =>
    Object.entries(columnsAndValues)
      .filter(([, value]) => value !== undefined)
      .map(([column, value]) => `${pg.escapeIdentifier(column)} ${how} ${parameter(value)}`);
  const ofList = compare(list, '=');
  const conditions = [...ofList, ...compare(where, '='), ...compare(since, '>='), ...compare(until, '<')];
  if (search?.text !== undefined) {
    const pattern = parameter(`%${search.text.replace(/[\\%_]/g, '\\$&')}%`);
    const contains = search.columns.map((column) => `${pg.escapeIdentifier(column)} ilike ${pattern}`);
    conditions.push(`(${contains.join(' or ')})`);
  }
  const isBackward = ending_before !== undefined;
  const cursor = ending_before ?? starting_after;
  if (cursor !== undefined) {
    const id = parameter(cursor);
    const [at, step, nearest, order, nowhere] = isBackward
      ? ['>', `- (id > ${id})::int`, `id >= ${id}`, 'asc', '9223372036854775807']
      : ['<', `+ (id < ${id})::int`, `id <= ${id}`, 'desc', '0'];
    conditions.push(`list_position ${at} coalesce((
      select list_position ${step} from ${pg.escapeIdentifier(table)}
      where ${[...ofList, nearest].join(' and ')} order by id ${order} limit 1), ${nowhere})`);
  }
  return manager.query<Row[]>(
    `select ${columns} from ${from ?? pg.escapeIdentifier(table)}
     ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
     order by list_position ${isBackward ? 'asc' : 'desc'} limit ${parameter(limit + 1)}`,
    values,
  );
}
