import { PERMISSIONS, type Permission, type PermissionRule, type Principal } from '@gridworks/contracts';

/** A row of `roles`: a role that a partner made. */
export interface Role {
  readonly id: string;
  readonly partner_id: string;
  readonly name: string;
  readonly permissions: string[];
  readonly created_at: Date;
}

/** The permissions of a fixed role. */
export function permissionsOfFixed(role: string): Permission[] {
  return Object.entries<PermissionRule>(PERMISSIONS)
    .filter(([, { roles, personal }]) => !personal && (roles as readonly string[]).includes(role))
    .map(([permission]) => permission as Permission);
}

/** The permissions of the role of a person, fixed or not. */
export function permissionsOf(
  role: string,
  ofCustom: readonly string[] | null | undefined,
): readonly string[] {
  return role === 'custom' ? (ofCustom ?? []) : permissionsOfFixed(role);
}

/** Whether a person may do everything that a role may do: only such a role may be given or taken by that person. */
export function covers({ role, permissions }: Principal, wanted: readonly string[]): boolean {
  const own = new Set<string>(permissionsOf(role, permissions));
  return wanted.every((permission) => own.has(permission));
}
