import { changePassword, updateIdentity } from '@gridworks/contracts';
import { expect, it } from '@jest/globals';
import { nameSchema, passwordSchema } from './account-schemas.ts';
import { deviceOf } from './device.ts';

it.each(['Ada', 'x'.repeat(120), '', 'x'.repeat(121)])(
  'a name is accepted exactly when the contract accepts it: %j',
  (name) => {
    expect(nameSchema.safeParse({ name }).success).toBe(updateIdentity.input.safeParse({ name }).success);
  },
);
it.each(['correct horse', 'x'.repeat(256), 'short', 'x'.repeat(257)])(
  'a password is accepted exactly when the contract accepts it: %j',
  (new_password) => {
    const change = { old_password: 'correct horse battery', new_password };
    expect(passwordSchema.safeParse(change).success).toBe(changePassword.input.safeParse(change).success);
  },
);
it.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    'Chrome on Linux',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Windows'],
  [null, 'A browser'],
])('%j is %s', (userAgent, device) => expect(deviceOf(userAgent)).toBe(device));
