import { describe, expect, it } from '@jest/globals';
import { cut } from './gathered-errors.ts';

describe('a text of an error, on one line', () => {
  it('hides a passphrase that ends with its line', () => {
    expect(cut('db:\n  password: correct horse battery\n  pool: 5', 200)).toBe(
      'db: password: [redacted] pool: 5',
    );
  });
});
