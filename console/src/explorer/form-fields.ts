import { type Operation, type RawDocument, resolve, type Schema } from '../reference/open-api.ts';
import { rulesOf } from '../reference/schema-rows.ts';

/** One value that a person fills in. */
export interface FormField {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header' | 'body';
  /** How it is filled in. */
  readonly control: 'line' | 'lines' | 'choice';
  /** What its text stands for. */
  readonly type: 'text' | 'number' | 'boolean' | 'json';
  readonly required: boolean;
  /** Whether `null` is a value: it clears what is there. */
  readonly nullable: boolean;
  readonly choices: readonly string[];
  readonly description: string;
  readonly rules: readonly string[];
  readonly example: string;
}

/** What a person has filled in, by `place.name`. An empty text leaves the value out. */
export type FormValues = Readonly<Record<string, string>>;
export const fieldKey = ({ place, name }: Pick<FormField, 'place' | 'name'>): string => `${place}.${name}`;

/** Longer than a line: a text area. */
const LONG_TEXT = 500;
/** The explorer fills these headers in by itself. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** The fields of an operation: path, query, members of the body, headers. */
export function fieldsOf(document: RawDocument, operation: Operation): FormField[] {
  const order = ['path', 'query', 'header'];
  const parameters = operation.parameters
    .filter(({ name }) => name !== IDEMPOTENCY_KEY)
    .toSorted((a, b) => order.indexOf(a.in) - order.indexOf(b.in))
    .map(({ name, in: place, required = false, description, schema }) =>
      fieldOf(document, { name, place, required: required || place === 'path', description, schema }),
    );
  const headers = parameters.filter(({ place }) => place === 'header');
  return [
    ...parameters.filter(({ place }) => place !== 'header'),
    ...bodyFields(document, operation),
    ...headers,
  ];
}

function bodyFields(document: RawDocument, { body }: Operation): FormField[] {
  if (!body) return [];
  const { schema } = resolve(document, body);
  return Object.entries(schema.properties ?? {}).map(([name, member]) =>
    fieldOf(document, {
      name,
      place: 'body',
      required: schema.required?.includes(name) ?? false,
      description: undefined,
      schema: member,
    }),
  );
}

interface Given {
  readonly name: string;
  readonly place: FormField['place'];
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: Schema;
}

function fieldOf(document: RawDocument, given: Given): FormField {
  const { name, place, required } = given;
  const whole = resolve(document, given.schema).schema;
  const alternatives = (whole.anyOf ?? whole.oneOf ?? [whole]).map((one) => resolve(document, one).schema);
  const schema = alternatives.find(({ type }) => type !== 'null') ?? whole;
  const nullable = alternatives.some(({ type }) => type === 'null');
  const type = typeOf(schema);
  const closed = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const choices = type === 'boolean' ? ['true', 'false'] : closed.map(String);
  const example = schema.examples?.[0] ?? schema.const;
  return {
    name,
    place,
    control: controlOf(type, schema, choices),
    type,
    required,
    nullable,
    choices: nullable && choices.length > 0 ? [...choices, 'null'] : choices,
    description: given.description ?? whole.description ?? schema.description ?? '',
    // A closed list is shown by the control itself.
    rules: rulesOf({ ...schema, enum: undefined, default: whole.default ?? schema.default }),
    example: example === undefined ? '' : typeof example === 'string' ? example : JSON.stringify(example),
  };
}

function typeOf({ type, enum: values }: Schema): FormField['type'] {
  switch ([type].flat()[0] ?? typeof values?.[0]) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'object':
    case 'array':
      return 'json';
    default:
      return 'text';
  }
}

function controlOf(
  type: FormField['type'],
  { maxLength = 0 }: Schema,
  choices: readonly string[],
): FormField['control'] {
  if (choices.length > 0) return 'choice';
  return type === 'json' || maxLength > LONG_TEXT ? 'lines' : 'line';
}

/** What the form begins with: examples for members of the body that must be given, so that the first try is a whole call. */
export function firstValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(
    fields
      .filter(({ place, required }) => place === 'body' && required)
      .map((field) => [fieldKey(field), field.example || (field.choices[0] ?? '')]),
  );
}
