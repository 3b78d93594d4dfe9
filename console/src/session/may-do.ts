import { KEY_SCOPES, NOT_BY_SSO, type Permission, ROLES_OF } from './permissions.gen.ts';
import type { Person } from './session.ts';

export { KEY_SCOPES, type Permission };
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Whether the user has the permission. The API decides; menus and buttons follow. */
export function mayDo(person: Person | null | undefined, permission: Permission | undefined): boolean {
  if (permission === undefined) return true;
  if (!person) return false;
  if (person.sso && (NOT_BY_SSO as readonly string[]).includes(permission)) return false;
  const roles: 'everybody' | readonly string[] = ROLES_OF[permission];
  if (roles === 'everybody') return true;
  // A role of the partner's own is a list of permissions.
  return person.role === 'custom'
    ? (person.permissions ?? []).includes(permission)
    : roles.includes(person.role);
}
