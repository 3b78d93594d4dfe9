import { describe, expect, it } from '@jest/globals';
import { BreachedPasswords } from './breached-passwords.ts';

describe('passwords of published thefts', () => {
  const breached = new BreachedPasswords();

  it.each(['qwertyuiop', '1234567890', 'Password123!', 'dragon12345678', '!!liverpool2024', 'QWERTYUIOP'])(
    'contain %s',
    (password) => {
      expect(breached.isKnown(password)).toBe(true);
      expect(() => breached.refuse(password, '/password')).toThrow(
        expect.objectContaining({
          code: 'AUTH.PASSWORD_BREACHED',
          problems: [{ detail: expect.any(String), pointer: '/password' }],
        }),
      );
    },
  );

  it.each(['correct horse battery', 'battery staple correct', 'gqz-Wärme-77-lampe', '\u{1F98A}'.repeat(10)])(
    'do not contain %s',
    (password) => expect(() => breached.refuse(password, '/password')).not.toThrow(),
  );
});
