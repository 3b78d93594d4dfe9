import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalText, chainHash, FIRST_HASH } from './chain-hash.ts';

describe('the hash of an audit entry', () => {
  it('covers the hash before and the whole entry', () => {
    const text = canonicalText({ b: 1, a: [{ d: null, c: 'ü' }] });
    expect(text).toBe('{"a":[{"c":"ü","d":null}],"b":1}');
    const expected = createHash('sha256').update(`${FIRST_HASH}\n${text}`).digest('hex');
    expect(chainHash(FIRST_HASH, text)).toBe(expected);
    expect(chainHash(expected, text)).not.toBe(expected);
  });

  it('is made of text that PostgreSQL stores', () => {
    expect(canonicalText({ 'a\0': 'half \ud800 and \0' })).toBe('{"a\ufffd":"half \ufffd and \ufffd"}');
  });
});
