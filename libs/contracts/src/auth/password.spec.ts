import { describe, expect, it } from '@jest/globals';
import { createSession, registerPartner } from './auth.contracts.ts';

const rest = { email: 'ada@example.com' };
const schemas = [
  ['registration', (password: string) => registerPartner.input.safeParse({ ...rest, name: 'Ada', password })],
  ['log-in', (password: string) => createSession.input.safeParse({ ...rest, password })],
] as const;

describe.each(schemas)('the password of a %s', (_name, parse) => {
  it.each(['\ud800', '\udbff', '\udc00'])('has no lone surrogate', (half) => {
    expect(parse(half.repeat(10)).error?.issues).toEqual([
      expect.objectContaining({ path: ['password'], message: 'must not contain half of a surrogate pair' }),
    ]);
  });

  it('may have whole pairs', () => {
    expect(parse('\ud83d\ude00'.repeat(10)).success).toBe(true);
  });
});
