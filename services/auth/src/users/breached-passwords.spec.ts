import { describe, expect, it } from '@jest/globals';
import { BreachedPasswords } from './breached-passwords.ts';

describe('passwords of published thefts', () => {
  const breached = new BreachedPasswords();

  it.each([
    'qwertyuiop',
    '1234567890',
    'Password123!',
    'dragon12345678',
    '!!liverpool2024',
    'QWERTYUIOP',
    'rockandroll',
    'Manchester',
  ])('contain %s', async (password) => {
    expect(await breached.isKnown(password)).toBe(true);
    await expect(breached.refuse(password, '/password')).rejects.toThrow(
      expect.objectContaining({
        code: 'AUTH.PASSWORD_BREACHED',
        problems: [{ detail: expect.any(String), pointer: '/password' }],
      }),
    );
  });

  it.each(['correct horse battery', 'battery staple correct', 'gqz-Wärme-77-lampe', '\u{1F98A}'.repeat(10)])(
    'do not contain %s',
    (password) => expect(breached.refuse(password, '/password')).resolves.toBeUndefined(),
  );
});
