import { AppError, type RequestContract, SCIM_REQUEST_REFUSED } from '@gridworks/contracts';

type Json = Record<string, unknown>;

const refuse = (scimType: string, detail: string): AppError =>
  new AppError(SCIM_REQUEST_REFUSED, { detail, details: { scim_type: scimType } });

/** The input of a request of the contracts. Throws `AUTH.SCIM_REQUEST_REFUSED` when the client's values do not fit. */
export function inputFor(contract: RequestContract, values: Json): unknown {
  const parsed = contract.input.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse('invalidValue', `${issue?.path.join('.') || 'The request'}: ${issue?.message}`);
}

/** A resource as the client sent it. */
export function documentOf(body: unknown): Json {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
  throw refuse('invalidSyntax', 'The body is no JSON object.');
}

/** The operations of a PATCH. Names of members are read without regard to case. */
export function operationsOf(body: unknown): unknown {
  const operations = member(documentOf(body), 'operations');
  if (!Array.isArray(operations)) throw refuse('invalidSyntax', 'The body has no Operations.');
  return operations.map((one) => {
    const operation = documentOf(one);
    return Object.fromEntries(
      ['op', 'path', 'value'].flatMap((name) => {
        const value = member(operation, name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  });
}

/** The query of a list. */
export function searchOf(query: unknown): Json {
  const { filter, startIndex, count } = query as Json;
  return {
    ...(typeof filter === 'string' ? { filter } : {}),
    ...(startIndex === undefined ? {} : { start_index: integer('startIndex', startIndex) }),
    ...(count === undefined ? {} : { count: integer('count', count) }),
  };
}

function integer(name: string, text: unknown): number {
  const value = typeof text === 'string' && /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw refuse('invalidValue', `${name} is no whole number.`);
  return value;
}

function member(object: Json, name: string): unknown {
  const own = Object.keys(object).find((one) => one.toLowerCase() === name);
  return own === undefined ? undefined : object[own];
}

/** What a client wants of each resource (RFC 7644, 3.9): `attributes` or `excludedAttributes`, by their first part. */
export class Projection {
  readonly #wanted: ReadonlySet<string> | null;
  readonly #excluded: ReadonlySet<string>;

  constructor(query: unknown) {
    const { attributes, excludedAttributes } = query as Json;
    this.#wanted = typeof attributes === 'string' && attributes !== '' ? namesIn(attributes) : null;
    this.#excluded = namesIn(typeof excludedAttributes === 'string' ? excludedAttributes : '');
  }

  /** Whether an attribute is in the response. Id and schemas always are. */
  has(name: string): boolean {
    const lower = name.toLowerCase();
    if (lower === 'id' || lower === 'schemas') return true;
    return this.#wanted ? this.#wanted.has(lower) : !this.#excluded.has(lower);
  }

  of(resource: Json): Json {
    return Object.fromEntries(Object.entries(resource).filter(([name]) => this.has(name)));
  }
}

const namesIn = (list: string): ReadonlySet<string> =>
  new Set(
    list
      .split(',')
      .map(
        (name) =>
          name
            .trim()
            .toLowerCase()
            .replace(/^urn:.*:/, '')
            .split('.')[0] ?? '',
      )
      .filter((name) => name !== ''),
  );
