import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { isGrantable, PARTNER_ROLES, PERMISSIONS, type Permission } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { ABOVE_OWN_ROLE, ROLE_IN_USE, ROLE_NAME_TAKEN, ROLE_NOT_FOUND } from './auth.errors.ts';

/** The permissions that a partner may put into a role of its own. */
export const GRANTABLE_PERMISSIONS = (Object.keys(PERMISSIONS) as Permission[]).filter(isGrantable);

const permissions = z
  .array(z.enum(GRANTABLE_PERMISSIONS as [Permission, ...Permission[]]))
  .min(1)
  .max(GRANTABLE_PERMISSIONS.length)
  .refine((names) => new Set(names).size === names.length, 'names a permission twice')
  .meta({ examples: [['usage:read', 'tickets:read']] });
const name = storedText(60).meta({ examples: ['Analyst'] });

/** A role of a partner's people. */
export const roleSchema = z.object({
  object: z.literal('role'),
  /** The name of a fixed role, or the id of one that the partner made. */
  id: z.string(),
  name: z.string(),
  /** Whether the role is the same for every partner, and cannot be changed. */
  fixed: z.boolean(),
  permissions: z.array(z.string()),
  /** Members with this role. */
  members: z.number().int(),
  created_at: timestampSchema.nullable(),
});
roleSchema.register(NAMED_SCHEMAS, { id: 'Role' });

export const listRoles = defineRequest({
  subject: 'rpc.auth.role.list',
  summary: 'The roles of the partner’s people with their permissions: the fixed ones, then its own',
  http: { method: 'GET', path: '/v1/roles', status: 200 },
  permission: 'roles:read',
  input: z.strictObject({}),
  output: listOf(roleSchema).extend({
    /** The permissions that a role of the partner’s own may contain. */
    grantable: z.array(z.string()),
  }),
  repeatable: true,
});

export const createRole = defineRequest({
  subject: 'rpc.auth.role.create',
  summary: 'Make a role of permissions. A partner has at most 50 of its own',
  http: { method: 'POST', path: '/v1/roles', status: 201, idempotent: true },
  permission: 'roles:write',
  audit: { action: 'role.created', object: 'output.id', shows: ['name', 'permissions'] },
  input: z.strictObject({ name, permissions }),
  output: roleSchema,
  errors: [ROLE_NAME_TAKEN, ABOVE_OWN_ROLE],
});

export const updateRole = defineRequest({
  subject: 'rpc.auth.role.update',
  summary: 'Change the name or the permissions of a role. They hold for its members within a second',
  http: { method: 'PATCH', path: '/v1/roles/:id', status: 200 },
  permission: 'roles:write',
  audit: { action: 'role.changed', object: 'input.id', shows: ['name', 'permissions'] },
  input: z.strictObject({
    id: idSchema('role'),
    name: name.optional(),
    permissions: permissions.optional(),
  }),
  output: roleSchema,
  errors: [ROLE_NOT_FOUND, ROLE_NAME_TAKEN, ABOVE_OWN_ROLE],
  repeatable: true,
});

export const deleteRole = defineRequest({
  subject: 'rpc.auth.role.delete',
  summary: 'Delete a role that no member and no invitation has',
  http: { method: 'DELETE', path: '/v1/roles/:id', status: 200 },
  permission: 'roles:write',
  audit: { action: 'role.deleted', object: 'input.id' },
  input: z.strictObject({ id: idSchema('role') }),
  output: z.object({ object: z.literal('role'), id: idSchema('role'), deleted: z.literal(true) }),
  errors: [ROLE_NOT_FOUND, ROLE_IN_USE],
});

/** The names of the fixed roles, as `role` of a member has them. */
export const isFixedRole = (role: string): role is (typeof PARTNER_ROLES)[number] =>
  (PARTNER_ROLES as readonly string[]).includes(role);
