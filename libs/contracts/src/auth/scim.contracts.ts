import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { idSchema } from '../values/identifiers.ts';
import { PLATFORM_PERSON } from './auth.errors.ts';
import {
  SCIM_ACCOUNT_UNTOUCHED,
  SCIM_DOMAIN_UNVERIFIED,
  SCIM_GROUP_NOT_FOUND,
  SCIM_OWNER_UNTOUCHED,
  SCIM_REQUEST_REFUSED,
  SCIM_TAKEN,
  SCIM_USER_NOT_FOUND,
} from './scim.errors.ts';

/*
 * SCIM 2.0 (RFC 7643, RFC 7644) as the gateway passes it on: it serves the addresses, auth knows the resources. The
 * permission is held by SCIM tokens alone.
 */

/** The largest page of users, and of groups: a group has up to `MAX_GROUP_MEMBERS` members. */
export const MAX_SCIM_USERS_PAGE = 100;
export const MAX_SCIM_GROUPS_PAGE = 10;
export const MAX_GROUP_MEMBERS = 1000;
/** How many operations one PATCH has at most. */
export const MAX_SCIM_OPERATIONS = 100;

const userId = z.string().max(64);
const groupId = z.string().max(64);
/** A resource as its sender wrote it. Names of attributes are read without regard to case (RFC 7643, 2.1). */
const document = z.record(z.string(), z.unknown());
/** A resource as RFC 7643 defines it. */
const resource = z.looseObject({ schemas: z.array(z.string()), id: z.string() });
const search = {
  filter: z.string().max(2000).optional(),
  /** From 1 on. */
  start_index: z.number().int().default(1),
  count: z.number().int().optional(),
};
const found = z.object({
  total_results: z.number().int(),
  start_index: z.number().int(),
  resources: z.array(resource),
});
const operations = z
  .array(
    z.looseObject({
      op: z.string().max(20),
      path: z.string().max(500).optional(),
      value: z.unknown().optional(),
    }),
  )
  .min(1)
  .max(MAX_SCIM_OPERATIONS);

const FOR_A_USER = [
  SCIM_REQUEST_REFUSED,
  SCIM_USER_NOT_FOUND,
  SCIM_TAKEN,
  SCIM_DOMAIN_UNVERIFIED,
  SCIM_OWNER_UNTOUCHED,
  SCIM_ACCOUNT_UNTOUCHED,
  PLATFORM_PERSON,
];
const FOR_A_GROUP = [SCIM_REQUEST_REFUSED, SCIM_GROUP_NOT_FOUND, SCIM_USER_NOT_FOUND, SCIM_TAKEN];

export const searchScimUsers = defineRequest({
  subject: 'rpc.auth.scim-user.search',
  summary: 'Users of a directory, by a SCIM filter',
  permission: 'scim:provision',
  input: z.strictObject(search),
  output: found,
  errors: [SCIM_REQUEST_REFUSED],
  repeatable: true,
});

export const getScimUser = defineRequest({
  subject: 'rpc.auth.scim-user.get',
  summary: 'A user of a directory',
  permission: 'scim:provision',
  input: z.strictObject({ id: userId }),
  output: resource,
  errors: [SCIM_USER_NOT_FOUND],
  repeatable: true,
});

export const createScimUser = defineRequest({
  subject: 'rpc.auth.scim-user.create',
  summary: 'Provision a user: an account where there is none, and a membership',
  permission: 'scim:provision',
  audit: { action: 'scim_user.created', object: 'output.id' },
  input: z.strictObject({ user: document }),
  output: resource,
  errors: FOR_A_USER,
});

export const replaceScimUser = defineRequest({
  subject: 'rpc.auth.scim-user.replace',
  summary: 'Replace a user of a directory',
  permission: 'scim:provision',
  audit: { action: 'scim_user.changed', object: 'input.id' },
  input: z.strictObject({ id: userId, user: document }),
  output: resource,
  errors: FOR_A_USER,
  repeatable: true,
});

export const patchScimUser = defineRequest({
  subject: 'rpc.auth.scim-user.patch',
  summary: 'Change members of a user of a directory',
  permission: 'scim:provision',
  audit: { action: 'scim_user.changed', object: 'input.id' },
  input: z.strictObject({ id: userId, operations }),
  output: resource,
  errors: FOR_A_USER,
});

export const deleteScimUser = defineRequest({
  subject: 'rpc.auth.scim-user.delete',
  summary: 'Remove a user of a directory: the membership ends, the account stays',
  permission: 'scim:provision',
  audit: { action: 'scim_user.deleted', object: 'input.id' },
  input: z.strictObject({ id: userId }),
  output: z.object({ id: idSchema('scimUser') }),
  errors: [SCIM_USER_NOT_FOUND, SCIM_OWNER_UNTOUCHED],
});

export const searchScimGroups = defineRequest({
  subject: 'rpc.auth.scim-group.search',
  summary: 'Groups of a directory, by a SCIM filter',
  permission: 'scim:provision',
  input: z.strictObject({ ...search, without_members: z.boolean().default(false) }),
  output: found,
  errors: [SCIM_REQUEST_REFUSED],
  repeatable: true,
});

export const getScimGroup = defineRequest({
  subject: 'rpc.auth.scim-group.get',
  summary: 'A group of a directory',
  permission: 'scim:provision',
  input: z.strictObject({ id: groupId, without_members: z.boolean().default(false) }),
  output: resource,
  errors: [SCIM_GROUP_NOT_FOUND],
  repeatable: true,
});

export const createScimGroup = defineRequest({
  subject: 'rpc.auth.scim-group.create',
  summary: 'Make a group of a directory. One that is named like a role gives that role',
  permission: 'scim:provision',
  audit: { action: 'scim_group.created', object: 'output.id' },
  input: z.strictObject({ group: document }),
  output: resource,
  errors: FOR_A_GROUP,
});

export const replaceScimGroup = defineRequest({
  subject: 'rpc.auth.scim-group.replace',
  summary: 'Replace a group of a directory',
  permission: 'scim:provision',
  audit: { action: 'scim_group.changed', object: 'input.id' },
  input: z.strictObject({ id: groupId, group: document }),
  output: resource,
  errors: FOR_A_GROUP,
  repeatable: true,
});

export const patchScimGroup = defineRequest({
  subject: 'rpc.auth.scim-group.patch',
  summary: 'Change members of a group of a directory',
  permission: 'scim:provision',
  audit: { action: 'scim_group.changed', object: 'input.id' },
  input: z.strictObject({ id: groupId, operations }),
  output: resource,
  errors: FOR_A_GROUP,
});

export const deleteScimGroup = defineRequest({
  subject: 'rpc.auth.scim-group.delete',
  summary: 'Delete a group of a directory: its people keep what their other groups give',
  permission: 'scim:provision',
  audit: { action: 'scim_group.deleted', object: 'input.id' },
  input: z.strictObject({ id: groupId }),
  output: z.object({ id: idSchema('scimGroup') }),
  errors: [SCIM_GROUP_NOT_FOUND],
});
