import { type Operation, type RawDocument, resolve, type Schema } from '../../src/reference/open-api.ts';
import { type Header, printCurl } from '../../src/reference/print-curl.ts';
import { printSdk } from '../../src/reference/print-sdk.ts';
import { sampleValue } from '../../src/reference/sample-value.ts';
import { type Html, html, rawHtml } from '../html/html.ts';
import { SAMPLE_ORIGIN } from '../islands/sample-origin.ts';
import { codeBlock } from './render-markdown.ts';

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

const isStream = ({ success }: Operation): boolean => success.mediaType === 'text/event-stream';

/** The call as one shell command. */
export function curlSample(document: RawDocument, operation: Operation): string {
  const { method, body } = operation;
  const values = samplePath(document, operation);
  const variable = credentialVariable(operation);
  const headers: Header[] = [];
  if (variable) headers.push({ name: 'authorization', value: `Bearer $${variable}`, isTemplate: true });
  if (operation.parameters.some(({ name }) => name === 'Idempotency-Key'))
    headers.push({ name: 'idempotency-key', value: '$(uuidgen)', isTemplate: true });
  const hasBody = body !== null || method === 'POST';
  if (hasBody) headers.push({ name: 'content-type', value: 'application/json' });
  const call = {
    method,
    address: operation.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => String(values[name])),
    headers,
    body: hasBody ? JSON.stringify(body ? sampleBody(document, body) : {}) : null,
  };
  return printCurl(SAMPLE_ORIGIN, call, isStream(operation));
}

/** The call with the SDK. */
export function sdkSample(document: RawDocument, operation: Operation): string {
  const variable = credentialVariable(operation);
  return printSdk({
    method: operation.method,
    path: operation.path,
    origin: SAMPLE_ORIGIN,
    credential: variable && `process.env.${variable}`,
    input: {
      ...samplePath(document, operation),
      ...(operation.body ? sampleBody(document, operation.body) : {}),
    },
    isStream: isStream(operation),
    readsAll: true,
  });
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
