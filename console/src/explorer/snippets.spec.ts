import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { Portal } from '@gridworks/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operation, RawDocument, Schema } from '../reference/open-api.ts';
import { fieldsOf } from './form-fields.ts';
import { type PreparedCall, prepareCall } from './prepare-call.ts';
import { sendCall } from './send-call.ts';
import { printSnippet } from './snippets.ts';

const DOCUMENT: RawDocument = {
  info: { version: '1' },
  paths: {},
  components: { schemas: {}, parameters: {} },
};
const KEY = 'pp_test_0123456789abcdefghijklmnopqrstuvwxyz';
const UUID = '8e03978e-40d5-43dd-bc93-6894a57f9324';
const text: Schema = { type: 'string' };
/** What a shell, an address, JSON and JavaScript each read in a way of their own. */
const HOSTILE = `it's "$HOME" \`id\` \\n \\\\ \n ü 🙂 </script> \u2028 %41 & + # ? {a,b} [1-3] !! @file`;

const operation = (method: string, path: string, more: Partial<Operation>): Operation => ({
  ...{ id: 'x', method, path, tag: 'tickets', summary: '', access: '', permission: 'tickets:write' },
  ...{ credentials: ['api_key'], anonymous: false, parameters: [], body: null, errors: [] },
  success: { status: 200, mediaType: 'application/json', schema: {} },
  ...more,
});
const version = { name: 'Portal-Version', in: 'header' as const, schema: text };
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const CALLS: Readonly<Record<string, readonly [Operation, Record<string, string>]>> = {
  'a read': [operation('GET', '/v1/plans', {}), {}],
  'a list with values that an address must hide': [
    operation('GET', '/v1/tickets', {
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer' } },
        { name: 'status', in: 'query', schema: text },
        version,
      ],
    }),
    { 'query.limit': '10', 'query.status': HOSTILE, 'header.Portal-Version': '2026-11-01' },
  ],
  'a write with a key': [
    operation('POST', '/v1/tickets', {
      body: object({ subject: text, body: text }),
      parameters: [{ name: 'Idempotency-Key', in: 'header', schema: text }],
    }),
    { 'body.subject': HOSTILE, 'body.body': "'" },
  ],
  'a change of one thing': [
    operation('PATCH', '/v1/api-keys/{id}', {
      parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
      body: object({ name: text }),
    }),
    { 'path.id': HOSTILE, 'body.name': 'production' },
  ],
  'values of every type': [
    operation('PUT', '/v1/things', {
      body: object({
        count: { type: 'integer' },
        seconds: { type: 'number', enum: [0, 3600] },
        on: { type: 'boolean' },
        name: { anyOf: [text, { type: 'null' }] },
        inner: { type: 'object' },
      }),
    }),
    {
      ...{ 'body.count': '3', 'body.seconds': '3600', 'body.on': 'false', 'body.name': 'null' },
      'body.inner': `{"a-b":[1,{"c":"it's"}],"d":null}`,
    },
  ],
  'a write of nothing': [operation('POST', '/v1/demo-sessions', {}), {}],
  'what deletes': [
    operation('DELETE', '/v1/api-keys/{id}', {
      parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
    }),
    { 'path.id': 'key_1' },
  ],
};

/** What decides what a call does, of what came over the wire. */
interface Received {
  readonly method: string | undefined;
  readonly address: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

async function receive(request: IncomingMessage): Promise<Received> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const named = ['authorization', 'content-type', 'idempotency-key', 'portal-version'];
  return {
    method: request.method,
    address: request.url,
    headers: Object.fromEntries(named.map((name) => [name, request.headers[name]])),
    body: body === '' ? null : JSON.parse(body),
  };
}

describe('the call as code', () => {
  let server: Server;
  let origin = '';
  const received: Received[] = [];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      received.push(await receive(request));
      response.setHeader('content-type', 'application/json').end('{"object":"thing"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const prepare = ([called, values]: readonly [Operation, Record<string, string>], bearer: string | null) => {
    const takesKey = called.parameters.some(({ name }) => name === 'Idempotency-Key');
    const sent = { bearer, idempotencyKey: takesKey ? UUID : null };
    const prepared = prepareCall(called, fieldsOf(DOCUMENT, called), values, sent);
    if ('errors' in prepared) throw new Error(JSON.stringify(prepared.errors));
    return prepared.call;
  };
  const snippet = (language: 'curl' | 'sdk', call: PreparedCall) =>
    printSnippet(language, { call, credential: 'key', bearer: KEY, origin });
  const one = async (send: () => Promise<unknown>): Promise<Received | undefined> => {
    received.length = 0;
    await send();
    expect(received).toHaveLength(1);
    return received[0];
  };
  const runSdk = async (code: string) => {
    const [first, ...program] = code.split('\n');
    expect(first).toBe("import { Portal } from '@gridworks/sdk';");
    await new Function('Portal', `return (async () => { ${program.join('\n')} })()`)(Portal);
  };

  it.each(Object.keys(CALLS))('does what was sent: %s', async (name) => {
    const call = prepare(CALLS[name] ?? CALLS['a read']!, KEY);
    const sent = await one(() => sendCall(call, null, origin));
    expect(sent?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await one(() => promisify(execFile)('sh', ['-c', snippet('curl', call)]))).toEqual(sent);
    const bySdk = await one(() => runSdk(snippet('sdk', call)));
    // The SDK asks for a path in other words only where both mean the same.
    expect({ ...bySdk, address: decodeURIComponent(bySdk?.address ?? '') }).toEqual({
      ...sent,
      address: decodeURIComponent(sent?.address ?? ''),
    });
  });

  it('names the token that a program needs in place of the session of a browser', () => {
    const call = prepare(CALLS['what deletes']!, null);
    const shown = { call, credential: 'session', bearer: null, origin } as const;
    expect(printSnippet('curl', shown)).toContain('-H "authorization: Bearer $GRIDWORKS_TOKEN"');
    expect(printSnippet('sdk', shown)).toContain('credential: process.env.GRIDWORKS_TOKEN');
  });

  it('has no credential where none is looked at', () => {
    const call = prepare(CALLS['a write of nothing']!, null);
    const shown = { call, credential: 'none', bearer: null, origin } as const;
    for (const language of ['curl', 'sdk'] as const)
      expect(printSnippet(language, shown)).not.toMatch(/authorization|credential/);
  });
});

describe('a form', () => {
  const [patch] = CALLS['a change of one thing']!;
  const fields = fieldsOf(DOCUMENT, patch);
  const sent = { bearer: KEY, idempotencyKey: null };
  it('is not sent with a gap in the address', () =>
    expect(prepareCall(patch, fields, {}, sent)).toEqual({ errors: { 'path.id': expect.any(String) } }));
  it('is not sent with text that is not the JSON which it should be', () => {
    const [put] = CALLS['values of every type']!;
    const prepared = prepareCall(put, fieldsOf(DOCUMENT, put), { 'body.inner': '{' }, sent);
    expect(prepared).toEqual({ errors: { 'body.inner': 'This is not JSON' } });
  });
  it('leaves it to the API to judge the rest', () => {
    const [put] = CALLS['values of every type']!;
    const prepared = prepareCall(
      put,
      fieldsOf(DOCUMENT, put),
      { 'body.count': 'many', 'body.on': 'maybe' },
      sent,
    );
    expect(prepared).toMatchObject({ call: { body: '{"count":"many","on":"maybe"}' } });
  });
});
