/** The part of JSON Schema 2020-12 that the contracts use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface ProblemExample {
  readonly code: string;
  readonly title: string;
  readonly type: string;
  readonly detail: string;
  readonly retry_after?: number;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** `/v1/tickets/{id}` */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** Who may call, as one sentence. */
  readonly access: string;
  /** The permission that it needs, or `public`. */
  readonly permission: string;
  /** `session`, `browser_session`, `api_key`, `oauth2`, `admin`; empty when credentials are ignored. */
  readonly credentials: readonly string[];
  /** Whether a call needs no credential. */
  readonly anonymous: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
  readonly success: { readonly status: number; readonly mediaType: string; readonly schema: Schema };
  readonly errors: readonly { readonly status: number; readonly problems: readonly ProblemExample[] }[];
}

interface RawOperation {
  operationId: string;
  summary: string;
  description: string;
  'x-permission': string;
  tags: string[];
  security?: Record<string, unknown>[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { content?: Record<string, { schema: Schema; examples?: Record<string, { value: ProblemExample }> }> }
  >;
}

export interface RawDocument {
  readonly info: { readonly version: string };
  readonly paths: Record<string, Record<string, RawOperation>>;
  readonly components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
}

/** Every operation of a document, in the document's order. */
export function operationsOf(document: RawDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(document, path, method, raw)),
  );
}

function operationOf(document: RawDocument, path: string, method: string, raw: RawOperation): Operation {
  const responses = Object.entries(raw.responses).map(([status, { content = {} }]) => ({
    status: Number(status),
    content,
  }));
  const success = responses.find(({ status }) => status < 400);
  if (!success) throw new Error(`${raw.operationId} has no successful response`);
  const [mediaType, { schema } = { schema: {} }] = Object.entries(success.content)[0] ?? ['application/json'];
  const security = raw.security ?? [];
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    tag: raw.tags[0] ?? 'system',
    summary: raw.summary,
    access: raw.description,
    permission: raw['x-permission'],
    credentials: security.flatMap((entry) => Object.keys(entry)),
    anonymous: security.length === 0 || security.some((entry) => Object.keys(entry).length === 0),
    parameters: (raw.parameters ?? []).map((parameter) =>
      '$ref' in parameter ? parameterAt(document, parameter.$ref) : parameter,
    ),
    body: Object.values(raw.requestBody?.content ?? {})[0]?.schema ?? null,
    success: { status: success.status, mediaType, schema },
    errors: responses
      .filter(({ status }) => status >= 400)
      .map(({ status, content }) => ({
        status,
        problems: Object.values(Object.values(content)[0]?.examples ?? {}).map(({ value }) => value),
      })),
  };
}

function parameterAt(document: RawDocument, reference: string): Parameter {
  const parameter = document.components.parameters[reference.slice('#/components/parameters/'.length)];
  if (!parameter) throw new Error(`nothing at ${reference}`);
  return parameter;
}

/** The schema that a reference points to, or the schema itself; with its name when it has one. */
export function resolve(document: RawDocument, schema: Schema): { schema: Schema; name: string | null } {
  if (!schema.$ref) return { schema, name: null };
  const name = schema.$ref.slice('#/components/schemas/'.length);
  const found = document.components.schemas[name];
  if (!found) throw new Error(`nothing at ${schema.$ref}`);
  return { schema: found, name };
}
