import { filledMembers, PUBLIC_REQUESTS, type PublicRequestContract } from '@gridworks/contracts';
import { z } from 'zod';
import { type JsonSchema, TypeNames } from './print-type.ts';

interface Row {
  /** `admin.` or empty. */
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly contract: PublicRequestContract;
}

/** Nouns without a plural. */
const ONE_OF_A_KIND = new Set([
  'totp',
  'identity',
  'usage',
  'health',
  'analytics',
  'healing',
  'onboarding',
  'status',
  'audit',
  'support-access',
  'sso',
  'revenue',
]);
const camel = (text: string): string =>
  text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const pluralOf = (noun: string): string => (/[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * `rpc.auth.api-key.create` at `/v1/api-keys` becomes `apiKeys.create`; operations under `/v1/admin` are
 * under `admin`.
 */
function rowOf(contract: PublicRequestContract): Row {
  const [, , noun = '', verb = ''] = contract.subject.split('.');
  const resource = camel(ONE_OF_A_KIND.has(noun) ? noun : pluralOf(noun));
  const group = contract.http.path.startsWith('/v1/admin/') ? 'admin' : '';
  return { group, resource, verb: camel(verb), contract };
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as JsonSchema;

/**
 * The SDK's operations as a TypeScript file: the table of operations, and the types of their inputs and
 * outputs.
 */
export function renderOperations(): string {
  const names = new TypeNames();
  render(names);
  return render(new TypeNames(names));
}

function render(names: TypeNames): string {
  const rows = PUBLIC_REQUESTS.map(rowOf).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const inputs: string[] = [];
  const methods = new Map<string, string[]>();
  const table = new Map<string, string[]>();
  for (const row of rows) {
    const { method, path, idempotent } = row.contract.http;
    const output = schemaOf(row.contract.output, 'output');
    const item = output.properties?.object?.const === 'list' ? output.properties.data?.items : undefined;
    const paged =
      item !== undefined && 'starting_after' in (schemaOf(row.contract.input, 'input').properties ?? {});
    const given = inputOf(row.contract);
    const inputName = `${capital(row.group)}${capital(row.resource)}${capital(row.verb)}Input`;
    const hasInput = Object.keys(given.properties ?? {}).length > 0;
    if (hasInput) inputs.push(`export interface ${inputName} ${names.print(given)}`);
    const optional = (given.required ?? []).length === 0 ? '?' : '';
    const result = paged ? `PagedList<${names.print(item)}>` : `Promise<${names.print(output, '    ')}>`;
    const parameters = `${hasInput ? `input${optional}: ${inputName}, ` : 'input?: Record<string, never>, '}options?: CallOptions`;
    const key = [row.group, row.resource].filter(Boolean).join('.');
    push(
      methods,
      key,
      `    /** ${row.contract.summary}. \`${method} ${path}\` */\n    ${row.verb}(${parameters}): ${result};`,
    );
    const flags = `${idempotent ? 'i' : ''}${paged ? 'p' : ''}`;
    push(table, key, `    ${row.verb}: '${method} ${path}${flags ? ` ${flags}` : ''}',`);
  }
  return [
    '// Generated from the contracts by sdks/javascript/generate/main.ts. `npm run check` fails when it is outdated.',
    "import type { CallOptions } from '../caller.ts';",
    "import type { PagedList } from '../pages.ts';",
    '',
    ...names.declarations(),
    ...inputs,
    '',
    `/** Every operation: method, path, and \`i\` when it takes an Idempotency-Key, \`p\` when it is paged. */`,
    `export const OPERATIONS = {\n${nest(table, (lines) => `{\n${lines.join('\n')}\n  }`)}\n} as const;`,
    '',
    '/** The API. The operations under `admin` are for admins of GridWorks. */',
    `export interface Operations {\n${nest(methods, (lines) => `{\n${lines.join('\n')}\n  }`, ';')}\n}`,
    '',
  ].join('\n');
}

const keyOf = ({ group, resource, verb }: Row): string => `${group}.${resource}.${verb}`;

function push(map: Map<string, string[]>, key: string, line: string): void {
  map.set(key, [...(map.get(key) ?? []), line]);
}

/** The members that a caller sends: the input without those that the gateway fills in. */
function inputOf({ input, http }: PublicRequestContract): JsonSchema {
  const schema = schemaOf(input, 'input');
  const filled = [...filledMembers(http), 'idempotency_key'];
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !filled.includes(name)),
  );
  return {
    ...schema,
    properties,
    additionalProperties: false,
    required: (schema.required ?? []).filter((name) => !filled.includes(name)),
  };
}

function nest(map: Map<string, string[]>, print: (lines: string[]) => string, end = ','): string {
  const text = (entries: [string, string[]][]) =>
    entries.map(([key, lines]) => `  ${key}: ${print(lines)}${end}`).join('\n');
  const all = [...map];
  const admin = all
    .filter(([key]) => key.startsWith('admin.'))
    .map(([key, lines]): [string, string[]] => [key.slice(6), lines]);
  const rest = all.filter(([key]) => !key.startsWith('admin.'));
  return `${text(rest)}\n  admin: {\n${text(admin)}\n  }${end}`;
}
