import { PARTNER_ROLES, type PartnerRole } from '@gridworks/contracts';
import { permissionsOf } from '../../roles/role.ts';

/** A role that a group gives. */
export interface GivenRole {
  readonly role: PartnerRole | 'custom';
  readonly role_id: string | null;
  /** Of a role of the partner's own. */
  readonly permissions: readonly string[] | null;
}

/** The role of a person whom a directory has made a member, and whose groups give none. */
export const ROLE_WITHOUT_GROUP = {
  role: 'viewer',
  role_id: null,
  permissions: null,
} as const satisfies GivenRole;

/**
 * The highest of several roles: the one with the most permissions; of equals a fixed role before one of the partner's
 * own, the fixed ones in the order owner, admin, developer, billing, support, viewer, those of its own by id. Null for
 * none.
 */
export function highestRole(given: readonly GivenRole[]): GivenRole | null {
  return [...given].sort(compareRoles)[0] ?? null;
}

function compareRoles(a: GivenRole, b: GivenRole): number {
  return sizeOf(b) - sizeOf(a) || rankOf(a) - rankOf(b) || ((a.role_id ?? '') < (b.role_id ?? '') ? -1 : 1);
}

const sizeOf = ({ role, permissions }: GivenRole): number => permissionsOf(role, permissions).length;

function rankOf({ role }: GivenRole): number {
  const rank = (PARTNER_ROLES as readonly string[]).indexOf(role);
  return rank === -1 ? PARTNER_ROLES.length : rank;
}
