import { describe, expect, it } from '@jest/globals';
import { operationsOf, type RawDocument, type Schema } from '../../src/reference/open-api.ts';
import { sampleValue } from '../../src/reference/sample-value.ts';
import { rulesOf, schemaRows } from '../../src/reference/schema-rows.ts';
import { curlSample, sdkSample } from './samples.ts';

const string: Schema = { type: 'string' };
const document: RawDocument = {
  info: { version: '1' },
  paths: {
    '/v1/tickets/{id}': {
      patch: {
        operationId: 'transitionTicket',
        summary: 'Move a ticket',
        description: 'Needs `tickets:write`.',
        'x-permission': 'tickets:write',
        tags: ['tickets'],
        security: [{ session: [] }, { api_key: [] }],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', examples: ['tic_1'] } },
          { $ref: '#/components/parameters/Version' },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Move' } } } },
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } },
          429: {
            content: {
              'application/problem+json': {
                schema: {},
                examples: {
                  a: {
                    value: { code: 'A.B', title: 'No', type: '/problems/A.B', detail: '', retry_after: 1 },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Move: {
        type: 'object',
        required: ['status'],
        properties: { status: { enum: ["it's", 'b'] }, note: string },
      },
      Node: {
        type: 'object',
        required: ['id'],
        properties: {
          id: string,
          next: { anyOf: [{ $ref: '#/components/schemas/Node' }, { type: 'null' }] },
          tags: { items: { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } } },
        },
      },
    },
    parameters: { Version: { name: 'Portal-Version', in: 'header', schema: string } },
  },
};
const [operation] = operationsOf(document);
if (!operation) throw new Error('no operation was read');

describe('an operation of the document', () => {
  it('is read with its references', () => {
    expect(operation).toMatchObject({
      id: 'transitionTicket',
      method: 'PATCH',
      credentials: ['session', 'api_key'],
      anonymous: false,
      success: { status: 200, mediaType: 'application/json' },
      errors: [{ status: 429, problems: [{ code: 'A.B', retry_after: 1 }] }],
    });
    expect(operation.parameters.map(({ name }) => name)).toEqual(['id', 'Portal-Version']);
  });

  it('is shown as a correctly quoted shell command', () => {
    expect(curlSample(document, operation)).toBe(
      [
        'curl -sS -X PATCH http://127.0.0.1:8080/v1/tickets/tic_1',
        '-H "authorization: Bearer $GRIDWORKS_KEY"',
        "-H 'content-type: application/json'",
        `-d '{"status":"it'\\''s"}'`,
      ].join(' \\\n  '),
    );
  });

  it('is shown as a method of the SDK', () => {
    expect(sdkSample(document, operation)).toContain(
      `await portal.tickets.transition({ id: 'tic_1', status: 'it\\'s' });`,
    );
  });
});

describe('a schema', () => {
  it('is listed without an endless recursion', () => {
    const rows = schemaRows(document, { $ref: '#/components/schemas/Node' });
    expect(rows.map(({ name, type, required }) => [name, type, required])).toEqual([
      ['id', 'string', true],
      ['next', 'Node or null', false],
      ['tags', 'list of object', false],
      ['tags[].at', 'time', false],
    ]);
  });

  it('shows its rules, except the default bounds of whole numbers', () => {
    expect(rulesOf({ minimum: Number.MIN_SAFE_INTEGER, maximum: 100, default: 10 })).toEqual([
      'at most 100',
      'default 10',
    ]);
  });

  it('has a finite sample', () => {
    expect(JSON.stringify(sampleValue(document, { $ref: '#/components/schemas/Node' })).length).toBeLessThan(
      2000,
    );
  });
});
