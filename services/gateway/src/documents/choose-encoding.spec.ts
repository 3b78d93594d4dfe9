import { describe, expect, it } from '@jest/globals';
import { chooseEncoding, type Encoding } from './choose-encoding.ts';

const all: readonly Encoding[] = ['br', 'gzip', 'identity'];

describe('the encoding of a document', () => {
  it.each<[string | undefined, Encoding]>([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP;q=1, br;q=0.5', 'gzip'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['identity', 'identity'],
    ['gzip;q=0.5, identity;q=1', 'identity'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate, zstd', 'identity'],
    ['gzip;q=junk', 'identity'],
    [`${'a,'.repeat(10_000)}gzip`, 'identity'],
  ])('for %s is %s', (header, encoding) => {
    expect(chooseEncoding(header, all)).toBe(encoding);
  });

  it('is one that is offered', () => {
    expect(chooseEncoding('br, gzip', ['identity'])).toBe('identity');
  });
});
