import { sdkMethodOf } from './sdk-methods.ts';

/** A call as a program makes it with the SDK. */
export interface SdkCall {
  readonly method: string;
  /** `/v1/tickets/{id}` */
  readonly path: string;
  readonly origin: string;
  /** An expression of JavaScript: `process.env.GRIDWORKS_KEY`, or a text in quotes. Null without a credential. */
  readonly credential: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether the response is a stream of events. */
  readonly isStream?: boolean;
  /** Whether every row of a list is read, in place of the one page. */
  readonly readsAll?: boolean;
  readonly idempotencyKey?: string;
  /** Headers for this client. */
  readonly headers?: Readonly<Record<string, string>>;
}

const LINE = 70;

/** The call as a module of JavaScript. */
export function printSdk(call: SdkCall): string {
  const { method, path, origin, credential, input, idempotencyKey, headers = {} } = call;
  const options = [
    `baseUrl: ${literal(origin)}`,
    ...(credential === null ? [] : [`credential: ${credential}`]),
    ...(Object.keys(headers).length > 0 ? [`headers: ${literal(headers)}`] : []),
  ];
  const head = [
    "import { Portal } from '@gridworks/sdk';",
    '',
    `const portal = new Portal({ ${options.join(', ')} });`,
    '',
  ];
  if (call.isStream)
    return [
      ...head,
      `for await (const { event, data } of portal.stream(${literal(path)})) console.log(event, data);`,
    ].join('\n');
  const sdk = sdkMethodOf(call);
  const operation = {
    method,
    path: path.replace(/\{([a-z_]+)\}/g, ':$1'),
    idempotent: idempotencyKey !== undefined,
    paged: false,
  };
  const given = Object.keys(input).length > 0 || idempotencyKey !== undefined ? [literal(input)] : [];
  const values = [
    ...(sdk ? [] : [literal(operation)]),
    ...given,
    ...(idempotencyKey === undefined ? [] : [literal({ idempotencyKey })]),
  ];
  const expression = `portal.${sdk?.name ?? 'call'}(${values.join(', ')})`;
  if (sdk?.paged && call.readsAll)
    return [...head, `for await (const row of ${expression}) console.log(row.id);`].join('\n');
  return [...head, `const response = await ${expression};`].join('\n');
}

/** A value as one would write it in a program. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, indent)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(
    ([name, member]) =>
      `${/^[A-Za-z_]\w*$/.test(name) ? name : text(name)}: ${literal(member, `${indent}  `)}`,
  );
  if (members.length === 0) return '{}';
  const line = `{ ${members.join(', ')} }`;
  if (line.length + indent.length <= LINE && !line.includes('\n')) return line;
  return `{\n${members.map((member) => `${indent}  ${member},`).join('\n')}\n${indent}}`;
}

/** In single quotes, everything else as JSON writes it. */
const text = (value: string): string =>
  `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
