import { describe, expect, it } from '@jest/globals';
import { parseJson } from './safe-json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('parseJson', () => {
  it('parses bytes and text', () => {
    expect(parseJson(bytes('{"a":[1,"ü"]}'))).toEqual({ a: [1, 'ü'] });
    expect(parseJson('null')).toBeNull();
  });

  it.each(['{"a":', '', 'undefined', '{"a":1}}'])('refuses %j', (text) => {
    expect(() => parseJson(bytes(text))).toThrow(SyntaxError);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(/utf-8/);
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"\\u005f_proto__":{"admin":true}}',
    '{"_\\u005Fproto__":{"admin":true}}',
  ])('drops the prototype key of %s', (text) => {
    const parsed = parseJson(`{"a":${text}}`) as { a: object };
    expect(Object.keys(parsed.a)).toEqual([]);
    expect(Object.assign({}, parsed.a)).not.toHaveProperty('admin');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});
