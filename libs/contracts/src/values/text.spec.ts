import { describe, expect, it } from '@jest/globals';
import { storedText } from './text.ts';

describe('stored text', () => {
  const schema = storedText(5);

  it('is trimmed and bounded', () => {
    expect(schema.parse('  ab ')).toBe('ab');
    expect(schema.safeParse('   ').success).toBe(false);
    expect(schema.safeParse('abcdef').success).toBe(false);
  });

  it('accepts characters of any script', () => {
    expect(schema.parse('Ä漢😀')).toBe('Ä漢😀');
  });

  it.each([
    ['NUL', 'a\u0000b'],
    ['a lone high surrogate', 'a\ud83d'],
    ['a lone low surrogate', '\ude00a'],
  ])('refuses %s, which a database would refuse or change', (_, text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });
});
