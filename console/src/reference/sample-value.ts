import { type RawDocument, resolve, type Schema } from './open-api.ts';

const MAX_DEPTH = 6;

/** A sample value of a schema: the contract's example, else the first allowed value. */
export function sampleValue(document: RawDocument, given: Schema, depth = 0): unknown {
  const { schema } = resolve(document, given);
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf)?.[0];
  if (choice) return sampleValue(document, choice, depth);
  if (schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, member]) => [
        name,
        depth < MAX_DEPTH ? sampleMember(document, name, member, depth + 1) : null,
      ]),
    );
  if (schema.items) return depth < MAX_DEPTH ? [sampleValue(document, schema.items, depth + 1)] : [];
  return sampleScalar(schema);
}

/** Readable samples for members whose schema only says that they are text. */
const TEXTS: Readonly<Record<string, string>> = {
  name: 'Growth',
  currency: 'EUR',
  email: 'ada@example.com',
  last4: 'x7Qp',
  key: 'pp_test_...',
  token: 'ses_...',
  subject: 'Which plan fits 2 million calls?',
  body: 'We expect to grow in spring.',
  reason: 'Planned maintenance',
  process: 'billing-1',
  instance: 'billing-1',
  unit_price: '0.012',
};
const NUMBERS: Readonly<Record<string, number>> = {
  monthly_price: 4900,
  included_calls: 500_000,
  burst_per_minute: 600,
  daily: 50_000,
  calls: 42,
  total_calls: 42,
  version: 1,
};

function sampleMember(document: RawDocument, name: string, given: Schema, depth: number): unknown {
  const { schema } = resolve(document, given);
  const isOpen = !schema.examples && !schema.enum && schema.const === undefined && !schema.format;
  if (isOpen && schema.type === 'string' && TEXTS[name] !== undefined && !schema.pattern) return TEXTS[name];
  if (isOpen && schema.type === 'integer' && NUMBERS[name] !== undefined) return NUMBERS[name];
  if (name.startsWith('revoked') && schema.anyOf?.some(({ type }) => type === 'null')) return null;
  return sampleValue(document, given, depth);
}

function sampleScalar(schema: Schema): unknown {
  switch ([schema.type].flat()[0]) {
    case 'string':
      if (schema.format === 'date-time') return '2026-11-01T09:30:00.000Z';
      if (schema.format === 'date') return '2026-11-01';
      return 'text';
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.minimum > -1e15 ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return {};
  }
}
