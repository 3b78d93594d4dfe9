import {
  createInvitation,
  createRole,
  GRANTABLE_PERMISSIONS,
  PERMISSIONS,
  resetPassword,
} from '@gridworks/contracts';
import { expect, it } from '@jest/globals';
import { newPasswordSchema } from '../links/new-password-schema.ts';
import { mayDo } from '../session/may-do.ts';
import type { Person } from '../session/session.ts';
import { invitationSchema, roleSchema } from './people-schemas.ts';
import { permissionWords } from './permission-words.ts';
import { roleNameOf } from './role-words.ts';

it.each(['ada@example.com', 'ada', '', `${'x'.repeat(250)}@example.com`])(
  'an address is accepted exactly when the contract accepts it: %j',
  (email) => {
    const input = { email, role: 'viewer' };
    expect(invitationSchema.safeParse(input).success).toBe(createInvitation.input.safeParse(input).success);
  },
);
it.each(['Analyst', 'x'.repeat(60), '', '  ', 'x'.repeat(61)])(
  'a name of a role is accepted exactly when the contract accepts it: %j',
  (name) => {
    const input = { name, permissions: ['usage:read' as const] };
    expect(roleSchema.safeParse(input).success).toBe(createRole.input.safeParse(input).success);
  },
);
it.each(['correct horse', 'x'.repeat(256), 'short', 'x'.repeat(257)])(
  'a new password is accepted exactly when the contract accepts it: %j',
  (new_password) => {
    const input = { token: 'x'.repeat(43), new_password };
    expect(newPasswordSchema.safeParse(input).success).toBe(resetPassword.input.safeParse(input).success);
  },
);
it('every permission that a role may contain has words of its own', () => {
  const words = GRANTABLE_PERMISSIONS.map(permissionWords);
  expect(new Set(words).size).toBe(words.length);
  for (const text of words) expect(text).toMatch(/^(See|Change|Revoke|Set up) /);
});
it('a role of the partner’s own permits what it contains, and what is about the person', () => {
  const person = { role: 'custom', permissions: ['usage:read'] } as unknown as Person;
  const may = (Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[]).filter((one) => mayDo(person, one));
  expect(may).toEqual(expect.arrayContaining(['usage:read', 'identity:write', 'memberships:read']));
  expect(may).not.toContain('tickets:read');
  expect(roleNameOf({ role: 'custom', custom_role: { name: 'Analyst' } })).toBe('Analyst');
});
