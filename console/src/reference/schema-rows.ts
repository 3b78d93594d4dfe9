import { type RawDocument, resolve, type Schema } from './open-api.ts';

/** One member of an object, as a row of a table. */
export interface SchemaRow {
  /** The path from the root: `data[].id`. */
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  readonly required: boolean;
  /** The rules of the value, and its default. */
  readonly rules: readonly string[];
  readonly description: string;
}

/** Deeper members appear only in the types of their parents. */
const MAX_DEPTH = 3;

/** The members of a schema, depth first. Empty when the schema is no object. */
export function schemaRows(document: RawDocument, schema: Schema): SchemaRow[] {
  return rowsOf(document, schema, '', 0, []);
}

function rowsOf(
  document: RawDocument,
  given: Schema,
  prefix: string,
  depth: number,
  above: readonly string[],
): SchemaRow[] {
  const { schema, name } = resolve(document, given);
  if (name !== null && above.includes(name)) return [];
  const parents = name === null ? above : [...above, name];
  return Object.entries(schema.properties ?? {}).flatMap(([member, value]) => {
    const path = prefix === '' ? member : `${prefix}.${member}`;
    const inner = innerOf(document, value);
    const row: SchemaRow = {
      name: path,
      depth,
      type: typeText(document, value),
      required: schema.required?.includes(member) ?? false,
      rules: rulesOf(resolve(document, value).schema),
      description: value.description ?? resolve(document, value).schema.description ?? '',
    };
    if (inner === null || depth + 1 >= MAX_DEPTH) return [row];
    return [row, ...rowsOf(document, inner.schema, `${path}${inner.list ? '[]' : ''}`, depth + 1, parents)];
  });
}

/** The object that a member is or lists. */
function innerOf(document: RawDocument, given: Schema): { schema: Schema; list: boolean } | null {
  const { schema } = resolve(document, given);
  if (schema.items) {
    const item = resolve(document, schema.items).schema;
    return item.properties ? { schema: schema.items, list: true } : null;
  }
  const alternative = schema.anyOf?.find((one) => resolve(document, one).schema.properties);
  if (alternative) return { schema: alternative, list: false };
  return schema.properties ? { schema: given, list: false } : null;
}

/** `string`, `Ticket`, `list of Plan`, `string or null`. */
export function typeText(document: RawDocument, given: Schema): string {
  const { schema, name } = resolve(document, given);
  if (name !== null) return name;
  if (schema.anyOf ?? schema.oneOf)
    return (schema.anyOf ?? schema.oneOf ?? []).map((one) => typeText(document, one)).join(' or ');
  if (schema.items) return `list of ${typeText(document, schema.items)}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.format === 'date-time') return 'time';
  if (schema.format === 'date') return 'date';
  return [schema.type ?? 'any'].flat().join(' or ');
}

/** Bounds that Zod writes for every integer and that carry no information. */
const isSafeBound = (value: number): boolean => Math.abs(value) === Number.MAX_SAFE_INTEGER;

/** The rules of a value, in short phrases. */
export function rulesOf(schema: Schema): string[] {
  const rules: string[] = [];
  if (schema.enum) rules.push(`one of ${schema.enum.map((value) => String(value)).join(', ')}`);
  if (schema.minimum !== undefined && !isSafeBound(schema.minimum)) rules.push(`at least ${schema.minimum}`);
  if (schema.maximum !== undefined && !isSafeBound(schema.maximum)) rules.push(`at most ${schema.maximum}`);
  if (schema.minLength !== undefined && schema.minLength > 1)
    rules.push(`${schema.minLength} characters or more`);
  if (schema.maxLength !== undefined) rules.push(`${schema.maxLength} characters at most`);
  if (schema.default !== undefined) rules.push(`default ${JSON.stringify(schema.default)}`);
  return rules;
}
