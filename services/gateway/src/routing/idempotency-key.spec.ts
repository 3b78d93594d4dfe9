import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readIdempotencyKey } from './idempotency-key.ts';

describe('the idempotency key', () => {
  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"say \\"hello\\" \\\\"', 'say "hello" \\'],
    [`"${'k'.repeat(255)}"`, 'k'.repeat(255)],
  ])('reads %s', (header, key) => expect(readIdempotencyKey(header)).toBe(key));

  it.each(['', '""', '"', '"a', 'a"b', '"a", "b"', 'a, b', 'a b', `"${'k'.repeat(256)}"`, 'ключ', '"a\\b"'])(
    'refuses %j',
    (header) => expect(() => readIdempotencyKey(header)).toThrow('Idempotency-Key'),
  );

  it('reads back every printable text that was written as a structured string', () => {
    const printable = fc.string({
      minLength: 1,
      maxLength: 255,
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
    });
    fc.assert(
      fc.property(printable, (text) => {
        const header = `"${text.replace(/["\\]/g, '\\$&')}"`;
        expect(readIdempotencyKey(header)).toBe(text);
      }),
    );
  });
});
