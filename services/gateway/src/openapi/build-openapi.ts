import { AppError, type ErrorDefinition } from '@gridworks/contracts';
import { z } from 'zod';
import { PROBLEM_TYPE, problemDetails } from '../problems/problem-details.ts';
import { PORTAL_VERSION } from '../routing/portal-version.ts';
import type { PublicRoute } from '../routing/route-declaration.ts';
import { parametersOf, VERSION_PARAMETER } from './describe-parameters.ts';
import { permissionText, SECURITY_SCHEMES, securityOf } from './describe-permission.ts';
import { nameOf, SchemaNames } from './name-schemas.ts';
import { errorsOf } from './route-errors.ts';

type Json = Record<string, unknown>;

const PROBLEM_SCHEMA: Json = {
  type: 'object',
  description: 'What went wrong (RFC 9457). `code` is stable; quote `request_id` when you contact support.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9]*(\\.[A-Z][A-Z0-9_]*)+$' },
    request_id: { type: 'string' },
    retry_after: { type: 'integer', minimum: 1, description: 'Seconds after which a retry may help.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail', 'pointer'],
        properties: {
          detail: { type: 'string' },
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) to the member.' },
        },
      },
    },
    'violated-policies': { type: 'array', items: { type: 'string' } },
    challenge: { $ref: '#/components/schemas/LogInChallenge' },
  },
};

/** Headers of every response to a call with a quota. */
const LIMIT_HEADERS: Json = {
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimit-Policy' },
  RateLimit: { $ref: '#/components/headers/RateLimit' },
};
const EVERY_HEADER: Json = {
  'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
  'Portal-Version': { $ref: '#/components/headers/Portal-Version' },
};
const PAGE_HEADER: Json = { Link: { $ref: '#/components/headers/Link' } };
const header = (description: string, example: string): Json => ({
  description,
  schema: { type: 'string' },
  example,
});

/** The OpenAPI 3.1 document of all public routes, made from their declarations. */
export function buildOpenApi(routes: readonly PublicRoute[], version: string): Json {
  const schemas = new SchemaNames();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    if (!route.isListed) continue;
    const { path, method } = route.http;
    const address = path.replace(/:([a-z_]+)/g, '{$1}');
    paths[address] = { ...paths[address], [method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'GridWorks Partner Portal',
      version,
      description: `The public API of the GridWorks Partner Portal, of ${PORTAL_VERSION}.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.filter(isListed).map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas.render(), Problem: PROBLEM_SCHEMA },
      headers: {
        'RateLimit-Policy': header('The quotas of this caller', '"burst";q=100;w=60,"daily";q=1000;w=86400'),
        RateLimit: header('What is left of the quota that runs out first', '"burst";r=50;t=30'),
        'X-Request-Id': header(
          'The id of this request: the one that you sent, or a new one',
          'req_0UQ3kZ1aB7dEfGhIjKlMnO',
        ),
        'Portal-Version': header('The dated version of this API', PORTAL_VERSION),
        Link: header(
          'The addresses of the next and previous page: `next` has older things, `prev` newer ones',
          '</v1/tickets?starting_after=tic_0UQ3kZ1aB7dEfGhIjKlMnO>; rel="next"',
        ),
        'Retry-After': header('Seconds after which a retry may help', '1'),
      },
      parameters: { 'Portal-Version': VERSION_PARAMETER },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function operationOf(route: PublicRoute, schemas: SchemaNames): Json {
  const { contract, mediaType } = route;
  const { path, status } = route.http;
  const body = contract && route.readsBody ? bodyOf(route, schemas) : undefined;
  const responses: Record<string, Json> = {
    [status]: {
      description: 'Success',
      headers: { ...EVERY_HEADER, ...LIMIT_HEADERS, ...(route.isPaged ? PAGE_HEADER : {}) },
      content: contract
        ? { 'application/json': { schema: schemas.output(contract) } }
        : { [mediaType]: { schema: { type: mediaType === 'application/json' ? 'object' : 'string' } } },
    },
  };
  for (const [code, errors] of errorsOf(route)) responses[code] = problemResponse(code, errors, path);
  return {
    operationId: contract ? nameOf(contract) : route.operation.replace(/[^A-Za-z0-9]+/g, '_'),
    summary: route.summary,
    description: [
      permissionText(route.permission),
      ...(contract?.criticality === 'critical' ? [SERVED_FIRST] : []),
    ].join(' '),
    tags: [tagOf(route)],
    'x-permission': route.permission,
    ...(contract ? { 'x-criticality': contract.criticality } : {}),
    security: securityOf(route.permission),
    parameters: parametersOf(route),
    ...(body ? { requestBody: body } : {}),
    responses,
  };
}

const SERVED_FIRST = 'Served first when the portal is short of capacity.';

function bodyOf(route: PublicRoute, schemas: SchemaNames): Json {
  const { contract } = route;
  if (!contract) return {};
  const outside = new Set(route.reserved);
  const whole = z.toJSONSchema(contract.input, { io: 'input' }) as Json & {
    properties?: Json;
    required?: string[];
  };
  if (route.http.cloudEvents) return eventsBodyOf(route, whole, schemas);
  if (outside.size === 0)
    return {
      required: (whole.required ?? []).length > 0,
      content: { 'application/json': { schema: schemas.input(contract) } },
    };
  const { $schema: _dialect, ...schema } = whole;
  const required = (whole.required ?? []).filter((name) => !outside.has(name));
  schema.properties = Object.fromEntries(
    Object.entries(whole.properties ?? {}).filter(([name]) => !outside.has(name)),
  );
  schema.required = required;
  return { required: required.length > 0, content: { 'application/json': { schema } } };
}

/** The same list of events in each of the forms in which CloudEvents are sent over HTTP. */
function eventsBodyOf(route: PublicRoute, { properties }: { properties?: Json }, schemas: SchemaNames): Json {
  const { contract } = route;
  const list = properties?.[route.http.cloudEvents ?? ''] as Json & { items?: Json };
  const event = { type: 'object', description: 'A CloudEvent 1.0 in structured mode' };
  return {
    required: true,
    content: {
      'application/json': { schema: contract ? schemas.input(contract) : {} },
      'application/cloudevents+json': { schema: event },
      'application/cloudevents-batch+json': {
        schema: { type: 'array', items: event, maxItems: list?.maxItems },
      },
    },
  };
}

function problemResponse(status: number, errors: readonly ErrorDefinition[], path: string): Json {
  const example = (error: ErrorDefinition) =>
    problemDetails(new AppError(error), { requestId: 'req_0UQ3kZ1aB7dEfGhIjKlMnO', instance: path });
  return {
    description: errors.map(({ code, title }) => `\`${code}\`: ${title}`).join('; '),
    headers: {
      ...EVERY_HEADER,
      ...(status === 429 || status === 503
        ? { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }
        : {}),
    },
    content: {
      [PROBLEM_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(
          errors.map((error) => [error.code, { summary: error.title, value: example(error) }]),
        ),
      },
    },
  };
}

const isListed = (route: PublicRoute): boolean => route.isListed;

/** The first part of the path after the version: `tickets`. */
function tagOf(route: PublicRoute): string {
  return route.http.path.split('/')[2] ?? 'system';
}
