import { emailSchema } from '@gridworks/contracts';
import { isObject, type Json, memberOf } from '../documents/members.ts';
import { refusal } from '../documents/scim-refusal.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A row of `scim_users`, with what it is joined with. */
export interface ScimUser {
  readonly id: string;
  readonly partner_id: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly external_id: string | null;
  readonly display_name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  /** Whether the directory has made the membership, or given its role. Then it decides about the role. */
  readonly manages_role: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** The address of the account. */
  readonly email: string;
  /** Whether the person is a member now. */
  readonly active: boolean;
  readonly groups: readonly { readonly id: string; readonly display_name: string }[];
}

/** What a directory says about a user. */
export interface UserFields {
  readonly user_name: string;
  readonly external_id: string | null;
  readonly display_name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly active: boolean;
  /** In lower case. */
  readonly email: string;
}

const LONGEST = {
  userName: 254,
  externalId: 255,
  displayName: 120,
  givenName: 120,
  familyName: 120,
} as const;

/**
 * Reads a user as a directory writes it. The address is the primary one of `emails`, else that of type work, else the
 * first; without any the user name. Attributes that are not kept are left out. Throws `AUTH.SCIM_REQUEST_REFUSED`.
 */
export function readUser(user: Json): UserFields {
  const name = memberOf(user, 'name');
  const userName = textOf(user, 'userName', LONGEST.userName);
  if (userName === null) throw refusal('invalidValue', 'userName is missing.');
  const given = textOf(name, 'givenName', LONGEST.givenName);
  const family = textOf(name, 'familyName', LONGEST.familyName);
  const formatted = given === null && family === null ? textOf(name, 'formatted', LONGEST.displayName) : null;
  return {
    user_name: userName,
    external_id: textOf(user, 'externalId', LONGEST.externalId),
    display_name: textOf(user, 'displayName', LONGEST.displayName) ?? formatted,
    given_name: given,
    family_name: family,
    active: booleanOf(user, 'active') ?? true,
    email: addressOf(memberOf(user, 'emails') ?? [], userName),
  };
}

/** The name of a person in one text; null when the directory says none. */
export function fullNameOf(
  user: Pick<UserFields, 'display_name' | 'given_name' | 'family_name'>,
): string | null {
  const parts = [user.given_name, user.family_name].filter((one) => one !== null).join(' ');
  return user.display_name ?? (parts === '' ? null : parts.slice(0, LONGEST.displayName));
}

function addressOf(emails: unknown, userName: string): string {
  const list = (Array.isArray(emails) ? emails : [emails]).filter(isObject);
  const chosen =
    list.find((one) => booleanOf(one, 'primary') === true) ??
    list.find((one) => String(memberOf(one, 'type')).toLowerCase() === 'work') ??
    list[0];
  const address = emailSchema.safeParse(chosen ? memberOf(chosen, 'value') : userName);
  if (!address.success)
    throw refusal('invalidValue', 'The user has no valid email address: send one in emails, or as userName.');
  return address.data;
}

/** A text without spaces around it; null for none and for an empty one. */
function textOf(object: unknown, name: string, longest: number): string | null {
  const value = memberOf(object, name);
  if (value === undefined || value === null) return null;
  const isText = typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed();
  if (!isText || value.trim().length > longest)
    throw refusal('invalidValue', `${name} is no text of at most ${longest} characters.`);
  return value.trim() === '' ? null : value.trim();
}

/** Microsoft Entra sends booleans as texts: `"False"`. */
function booleanOf(object: unknown, name: string): boolean | null {
  const value = memberOf(object, name);
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw refusal('invalidValue', `${name} is neither true nor false.`);
}

/** A user as RFC 7643 has it. `base`: the address of SCIM at this portal. */
export function presentUser(row: ScimUser, base: string): Json & { schemas: string[]; id: string } {
  const { given_name: givenName, family_name: familyName, display_name: displayName } = row;
  const formatted = [givenName, familyName].filter((one) => one !== null).join(' ');
  return {
    schemas: [USER_SCHEMA],
    id: row.id,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    userName: row.user_name,
    ...(formatted === ''
      ? {}
      : {
          name: {
            formatted,
            ...(givenName !== null && { givenName }),
            ...(familyName !== null && { familyName }),
          },
        }),
    ...(displayName === null ? {} : { displayName }),
    active: row.active,
    emails: [{ value: row.email, type: 'work', primary: true }],
    groups: row.groups.map(({ id, display_name: display }) => ({
      value: id,
      display,
      $ref: `${base}/Groups/${id}`,
    })),
    meta: {
      resourceType: 'User',
      created: row.created_at.toISOString(),
      lastModified: row.updated_at.toISOString(),
      location: `${base}/Users/${row.id}`,
    },
  };
}
