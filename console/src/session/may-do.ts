import { type Permission, ROLES_OF } from './permissions.gen.ts';
import type { Person } from './session.ts';

export type { Permission };

/** Whether the user has the permission. The API decides; menus and buttons follow. */
export function mayDo(person: Person | null | undefined, permission: Permission | undefined): boolean {
  if (permission === undefined) return true;
  const role = person?.role;
  return role !== undefined && (ROLES_OF[permission] as readonly string[]).includes(role);
}
