import { renamePasskey } from '@gridworks/contracts';
import { expect, it } from '@jest/globals';
import { passkeyNameSchema } from './passkey-schema.ts';

it.each(['Laptop', ' x ', 'ü'.repeat(60), '', '   ', 'x'.repeat(61)])(
  'takes the name %j as the API does',
  (name) => {
    const api = renamePasskey.input.safeParse({ id: 'psk_0UQ3kZ1aB7dEfGhIjKlMnO', name });
    const form = passkeyNameSchema.safeParse({ name });
    expect(form.success).toBe(api.success);
    if (form.success && api.success) expect(form.data.name).toBe(api.data.name);
  },
);
