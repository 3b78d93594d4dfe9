import type { memberSchema, membershipSchema, PartnerRole } from '@gridworks/contracts';
import type { z } from 'zod';
import { presentPartner } from '../partners/partner.ts';

/** A row of `memberships`: a person in a partner. */
export interface Membership {
  readonly id: string;
  readonly partner_id: string;
  readonly user_id: string;
  readonly role: PartnerRole | 'custom';
  /** The role that the partner made; null for a fixed one. */
  readonly role_id: string | null;
  readonly created_at: Date;
}

/** The columns of the role of a row that was joined with `roles`. */
export interface RoleColumns {
  readonly role: PartnerRole | 'custom';
  readonly role_id: string | null;
  readonly role_name: string | null;
}

/** A membership with its person and its role. */
export interface MemberRow extends Membership, RoleColumns {
  readonly email: string;
  readonly name: string | null;
  readonly permissions: string[] | null;
  readonly last_active_at: Date | null;
}

/** A membership with its partner and its role. */
export interface OwnMembershipRow extends Membership, RoleColumns {
  readonly partner_name: string;
  readonly partner_created_at: Date;
}

/** A role as members, invitations and lists show it. */
export function presentRole<R extends string>(row: {
  readonly role: R;
  readonly role_id: string | null;
  readonly role_name: string | null;
}): { role: R; custom_role: { id: string; name: string } | null } {
  const { role, role_id: id, role_name: name } = row;
  return { role, custom_role: id === null ? null : { id, name: name ?? '' } };
}

export function presentMember(row: MemberRow): z.output<typeof memberSchema> {
  return {
    object: 'member',
    id: row.id,
    user_id: row.user_id,
    email: row.email,
    name: row.name,
    ...presentRole(row),
    joined_at: row.created_at.toISOString(),
    last_active_at: row.last_active_at?.toISOString() ?? null,
  };
}

/** `actsFor`: the partner of the session that asks. */
export function presentMembership(
  row: OwnMembershipRow,
  actsFor: string | null,
): z.output<typeof membershipSchema> {
  return {
    object: 'membership',
    id: row.id,
    partner: presentPartner({
      id: row.partner_id,
      name: row.partner_name,
      created_at: row.partner_created_at,
    }),
    ...presentRole(row),
    joined_at: row.created_at.toISOString(),
    current: row.partner_id === actsFor,
  };
}
