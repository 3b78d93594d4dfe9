import type { Filter, Literal, Operator } from './parse-filter.ts';
import { refusal } from './scim-refusal.ts';

/** An attribute by which resources are searched. */
export type SearchColumn =
  /** `sql`: an expression that gives a text or null. `exact`: with regard to case. */
  | { readonly type: 'text'; readonly sql: string; readonly exact?: true }
  | { readonly type: 'boolean'; readonly sql: string }
  | { readonly type: 'time'; readonly sql: string }
  /** `has`: a condition about one value, in place of `?`. */
  | { readonly type: 'set'; readonly has: string };
/** By path in lower case. */
export type SearchColumns = Readonly<Record<string, SearchColumn>>;

const COMPARISONS = { eq: '=', ne: 'is distinct from', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

/**
 * The condition of a filter as SQL. Every value becomes a parameter of `values`; of the text of the filter only the
 * names of the table of columns reach the statement. Throws `AUTH.SCIM_REQUEST_REFUSED` (`invalidFilter`).
 */
export function filterSql(filter: Filter, columns: SearchColumns, values: unknown[], within = ''): string {
  const inner = (one: Filter) => filterSql(one, columns, values, within);
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${inner(filter.left)} ${filter.kind} ${inner(filter.right)})`;
    case 'not':
      return `(not coalesce(${inner(filter.filter)}, false))`;
    case 'element':
      if (within !== '') throw refusal('invalidFilter', 'The filter has a list inside of a list.');
      return filterSql(filter.filter, columns, values, `${filter.path}.`);
    case 'present':
      return presentSql(columnOf(within + filter.path, columns));
    case 'compare':
      return compareSql(columnOf(within + filter.path, columns), filter.operator, filter.value, values);
  }
}

function columnOf(path: string, columns: SearchColumns): SearchColumn {
  const column = Object.hasOwn(columns, path) ? columns[path] : undefined;
  if (!column) throw refusal('invalidFilter', `Nothing can be searched by ${path}.`);
  return column;
}

function presentSql(column: SearchColumn): string {
  if (column.type === 'text') return `(${column.sql} <> '')`;
  if (column.type === 'set') throw refusal('invalidFilter', 'A list is searched with eq.');
  return `(${column.sql} is not null)`;
}

function compareSql(column: SearchColumn, operator: Operator, value: Literal, values: unknown[]): string {
  const parameter = (one: unknown, type: string) => `$${values.push(one)}::${type}`;
  switch (column.type) {
    case 'text':
      return textSql(column, operator, String(value ?? ''), parameter);
    case 'boolean': {
      const wanted = /^true$/i.test(String(value));
      if (!/^(true|false)$/i.test(String(value)) || (operator !== 'eq' && operator !== 'ne'))
        throw refusal('invalidFilter', 'A boolean is compared with true or false by eq or ne.');
      return `(${column.sql} ${COMPARISONS[operator]} ${parameter(wanted, 'boolean')})`;
    }
    case 'time': {
      const comparison = operator in COMPARISONS ? COMPARISONS[operator as keyof typeof COMPARISONS] : null;
      if (comparison === null || Number.isNaN(Date.parse(String(value))))
        throw refusal('invalidFilter', 'A time is compared with a time such as "2026-11-30T00:00:00Z".');
      return `(${column.sql} ${comparison} ${parameter(new Date(String(value)), 'timestamptz')})`;
    }
    case 'set':
      if (operator !== 'eq') throw refusal('invalidFilter', 'A list is searched with eq.');
      return column.has.replace('?', () => parameter(String(value ?? ''), 'text'));
  }
}

function textSql(
  { sql, exact }: { readonly sql: string; readonly exact?: true },
  operator: Operator,
  value: string,
  parameter: (one: unknown, type: string) => string,
): string {
  const left = exact ? sql : `lower(${sql})`;
  const text = exact ? value : value.toLowerCase();
  if (text.includes('\u0000')) throw refusal('invalidFilter', 'The filter contains NUL.');
  switch (operator) {
    case 'co':
      return `(strpos(${left}, ${parameter(text, 'text')}) > 0)`;
    case 'sw':
      return `(starts_with(${left}, ${parameter(text, 'text')}))`;
    case 'ew':
      return `(right(${left}, ${parameter([...text].length, 'integer')}) = ${parameter(text, 'text')})`;
    default:
      return `(${left} ${COMPARISONS[operator]} ${parameter(text, 'text')})`;
  }
}
