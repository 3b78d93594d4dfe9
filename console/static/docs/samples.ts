import { OPERATIONS } from '../../../sdks/javascript/src/generated/operations.ts';
import { type Html, html, rawHtml } from '../html/html.ts';
import { SAMPLE_ORIGIN } from '../islands/sample-origin.ts';
import { type Operation, type RawDocument, resolve, type Schema } from './open-api.ts';
import { codeBlock } from './render-markdown.ts';
import { sampleValue } from './sample-value.ts';

interface SdkMethod {
  /** `tickets.open` */
  readonly name: string;
  readonly paged: boolean;
  readonly idempotent: boolean;
}

type Table = { readonly [name: string]: string | Table };

/** Methods of the SDK by `GET /v1/tickets/{id}`. */
export const SDK_METHODS: ReadonlyMap<string, SdkMethod> = new Map(methodsOf(OPERATIONS, ''));

function methodsOf(table: Table, prefix: string): [string, SdkMethod][] {
  return Object.entries(table).flatMap(([name, row]): [string, SdkMethod][] => {
    if (typeof row !== 'string') return methodsOf(row, `${prefix}${name}.`);
    const [method = '', path = '', flags = ''] = row.split(' ');
    return [
      [
        `${method} ${path.replace(/:([a-z_]+)/g, '{$1}')}`,
        { name: `${prefix}${name}`, paged: flags.includes('p'), idempotent: flags.includes('i') },
      ],
    ];
  });
}

/** The environment variable for the credential in a sample; null when none is needed. */
export function credentialVariable({ credentials, anonymous }: Operation): string | null {
  if (anonymous) return null;
  if (credentials.includes('api_key')) return 'GRIDWORKS_KEY';
  return credentials.includes('session') ? 'GRIDWORKS_TOKEN' : 'GRIDWORKS_ADMIN_TOKEN';
}

/** The required members of the body, or one optional member when none is required. */
function sampleBody(document: RawDocument, given: Schema): Record<string, unknown> {
  const { schema } = resolve(document, given);
  const whole = sampleValue(document, given) as Record<string, unknown>;
  const names = schema.required?.length ? schema.required : Object.keys(schema.properties ?? {}).slice(0, 1);
  return Object.fromEntries(names.filter((name) => name in whole).map((name) => [name, whole[name]]));
}

/** Values of the parameters in the path. */
function samplePath(document: RawDocument, operation: Operation): Record<string, unknown> {
  return Object.fromEntries(
    operation.parameters
      .filter((parameter) => parameter.in === 'path')
      .map(({ name, schema }) => [
        name,
        schema.examples || schema.enum || schema.const
          ? sampleValue(document, schema)
          : name === 'breaker'
            ? 'postgres'
            : `${name}-1`,
      ]),
  );
}

/** The call as one shell command. */
export function curlSample(document: RawDocument, operation: Operation): string {
  const values = samplePath(document, operation);
  const path = operation.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => String(values[name]));
  const variable = credentialVariable(operation);
  const isStream = operation.success.mediaType === 'text/event-stream';
  const lines = [
    `curl ${isStream ? '-N ' : '-sS '}${operation.method === 'GET' || operation.method === 'POST' ? '' : `-X ${operation.method} `}${SAMPLE_ORIGIN}${path}`,
  ];
  if (variable) lines.push(`-H "authorization: Bearer $${variable}"`);
  if (operation.parameters.some(({ name }) => name === 'Idempotency-Key'))
    lines.push('-H "idempotency-key: $(uuidgen)"');
  if (operation.body) {
    lines.push("-H 'content-type: application/json'");
    lines.push(`-d '${JSON.stringify(sampleBody(document, operation.body)).replaceAll("'", `'\\''`)}'`);
  } else if (operation.method === 'POST') lines.push("-H 'content-type: application/json' -d '{}'");
  return lines.join(' \\\n  ');
}

/** The call with the SDK. */
export function sdkSample(document: RawDocument, operation: Operation): string {
  const method = SDK_METHODS.get(`${operation.method} ${operation.path}`);
  const variable = credentialVariable(operation);
  const head = [
    "import { Portal } from '@gridworks/sdk';",
    '',
    `const portal = new Portal({ baseUrl: '${SAMPLE_ORIGIN}'${variable ? `, credential: process.env.${variable}` : ''} });`,
    '',
  ];
  if (operation.success.mediaType === 'text/event-stream')
    return [
      ...head,
      `for await (const { event, data } of portal.stream('${operation.path}')) console.log(event, data);`,
    ].join('\n');
  const input = {
    ...samplePath(document, operation),
    ...(operation.body ? sampleBody(document, operation.body) : {}),
  };
  const given = Object.keys(input).length > 0 ? printObject(input) : '';
  if (!method) {
    const path = operation.path.replace(/\{([a-z_]+)\}/g, ':$1');
    const call = `portal.call({ method: '${operation.method}', path: '${path}', idempotent: false, paged: false }${given && `, ${given}`})`;
    return [...head, `const response = await ${call};`].join('\n');
  }
  if (method.paged)
    return [...head, `for await (const row of portal.${method.name}(${given})) console.log(row.id);`].join(
      '\n',
    );
  return [...head, `const response = await portal.${method.name}(${given});`].join('\n');
}

/** Prints an object literal in the usual style. */
function printObject(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return `[${value.map((item) => printObject(item, indent)).join(', ')}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${name}: ${printObject(member, `${indent}  `)}`,
  );
  const line = `{ ${members.join(', ')} }`;
  if (line.length + indent.length <= 70) return line;
  return `{\n${members.map((member) => `${indent}  ${member},`).join('\n')}\n${indent}}`;
}

/** Both samples as tabs that work without a script; the script remembers the choice. */
export function sampleTabs(document: RawDocument, operation: Operation): Html {
  const panels = [
    { value: 'curl', label: 'curl', code: codeBlock(curlSample(document, operation), 'sh') },
    { value: 'sdk', label: 'JavaScript SDK', code: codeBlock(sdkSample(document, operation), 'ts') },
  ];
  return html`<fieldset class="tabs"><legend class="sr">Language of the sample</legend>
<div class="tab-row">${panels.map(
    ({ value, label }, index) =>
      html`<label><input type="radio" name="sample" value="${value}"${index === 0 && html` checked`}><span>${label}</span></label>`,
  )}</div>
${panels.map(({ value, code }) => html`<div class="panel panel-${value}">${rawHtml(code)}</div>`)}
</fieldset>`;
}
