import { describe, expect, it } from '@jest/globals';
import { type GivenRole, highestRole } from './choose-role.ts';

const fixed = (role: GivenRole['role']): GivenRole => ({ role, role_id: null, permissions: null });
const own = (role_id: string, ...permissions: string[]): GivenRole => ({
  role: 'custom',
  role_id,
  permissions,
});

describe('highestRole', () => {
  it('is the one with the most permissions, in whatever order', () => {
    const roles = [fixed('viewer'), fixed('admin'), fixed('developer'), own('rol_1', 'usage:read')];
    expect(highestRole(roles)).toEqual(fixed('admin'));
    expect(highestRole(roles.toReversed())).toEqual(fixed('admin'));
    expect(highestRole([own('rol_1', 'usage:read'), fixed('viewer')])).toEqual(fixed('viewer'));
  });

  it('is one of two equals by a fixed order', () => {
    const [a, b] = [own('rol_1', 'usage:read'), own('rol_2', 'tickets:read')];
    expect(highestRole([b, a])).toEqual(a);
    expect(highestRole([fixed('support'), fixed('billing')])).toEqual(
      highestRole([fixed('billing'), fixed('support')]),
    );
  });

  it('is none of none', () => expect(highestRole([])).toBeNull());
});
