import { registerPartner } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { passwordStrength } from './password-strength.ts';
import { signUpSchema } from './sign-up-schema.ts';

const fits = { name: 'Ada Energy', email: 'ada@example.com', password: 'correct horse battery' };

describe('the form', () => {
  it.each([
    [fits],
    [{ ...fits, email: 'Ada@Example.COM' }],
    [{ ...fits, name: 'x'.repeat(120), password: 'x'.repeat(256) }],
    [{ ...fits, name: '' }],
    [{ ...fits, name: 'x'.repeat(121) }],
    [{ ...fits, email: 'ada' }],
    [{ ...fits, email: `${'x'.repeat(250)}@example.com` }],
    [{ ...fits, password: 'short' }],
    [{ ...fits, password: 'x'.repeat(257) }],
  ])('accepts an input exactly when the contract does: %j', (value) => {
    expect(signUpSchema.safeParse(value).success).toBe(registerPartner.input.safeParse(value).success);
  });
});

it('a longer password is stronger', () => {
  const scores = ['short', 'aaaaaaaaaaaa', 'horse battery', 'correct horse battery staple'].map(
    (password) => passwordStrength(password).score,
  );
  expect(scores).toEqual([0, 1, 2, 3]);
});
