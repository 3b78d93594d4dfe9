import { MAX_GROUP_MEMBERS, type PartnerRole, type scimGroupSchema } from '@gridworks/contracts';
import type { z } from 'zod';
import { isObject, type Json, memberOf } from '../documents/members.ts';
import { refusal } from '../documents/scim-refusal.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** A row of `scim_groups`. */
export interface ScimGroup {
  readonly id: string;
  readonly partner_id: string;
  readonly display_name: string;
  readonly external_id: string | null;
  /** The role that the group gives; null for none. */
  readonly role: Exclude<PartnerRole, 'owner'> | 'custom' | null;
  readonly role_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}
/** A group with the ids of its users. */
export interface FilledGroup extends ScimGroup {
  readonly members: readonly string[];
}
/** A group as the console shows it. */
export interface GroupRow extends ScimGroup {
  readonly role_name: string | null;
  readonly people: number;
}

/** What a directory says about a group. */
export interface GroupFields {
  readonly display_name: string;
  readonly external_id: string | null;
  readonly members: readonly string[];
}

const LONGEST_NAME = 256;
const LONGEST_ID = 64;

/** Reads a group as a directory writes it. Throws `AUTH.SCIM_REQUEST_REFUSED`. */
export function readGroup(group: Json): GroupFields {
  const name = textOf(group, 'displayName');
  if (name === null) throw refusal('invalidValue', 'displayName is missing.');
  const members = memberOf(group, 'members') ?? [];
  if (!Array.isArray(members)) throw refusal('invalidValue', 'members is no list.');
  const ids = new Set(members.map(idOf));
  if (ids.size > MAX_GROUP_MEMBERS)
    throw refusal('tooMany', `A group has at most ${MAX_GROUP_MEMBERS} members.`);
  return { display_name: name, external_id: textOf(group, 'externalId'), members: [...ids] };
}

function idOf(member: unknown): string {
  const value = isObject(member) ? memberOf(member, 'value') : member;
  if (typeof value !== 'string' || value.length > LONGEST_ID || value.includes('\u0000'))
    throw refusal('invalidValue', 'A member has no value, which is the id of a user.');
  return value;
}

function textOf(group: Json, name: string): string | null {
  const value = memberOf(group, name);
  if (value === undefined || value === null) return null;
  const isText = typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed();
  if (!isText || value.length > LONGEST_NAME)
    throw refusal('invalidValue', `${name} is no text of at most ${LONGEST_NAME} characters.`);
  return value.trim() === '' ? null : value.trim();
}

/** A group as RFC 7643 has it. `base`: the address of SCIM at this portal. */
export function presentGroup(
  group: ScimGroup & { readonly members?: readonly string[] },
  base: string,
): Json & { schemas: string[]; id: string } {
  return {
    schemas: [GROUP_SCHEMA],
    id: group.id,
    ...(group.external_id === null ? {} : { externalId: group.external_id }),
    displayName: group.display_name,
    ...(group.members ? { members: group.members.map((value) => ({ value })) } : {}),
    meta: {
      resourceType: 'Group',
      created: group.created_at.toISOString(),
      lastModified: group.updated_at.toISOString(),
      location: `${base}/Groups/${group.id}`,
    },
  };
}

export function presentGroupRow(row: GroupRow): z.output<typeof scimGroupSchema> {
  return {
    object: 'scim_group',
    id: row.id,
    name: row.display_name,
    members: row.people,
    role: row.role,
    custom_role: row.role_id === null ? null : { id: row.role_id, name: row.role_name ?? '' },
    created_at: row.created_at.toISOString(),
  };
}
