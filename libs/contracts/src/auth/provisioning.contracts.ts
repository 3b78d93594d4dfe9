import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { PARTNER_ROLES } from '../contract/permissions.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { ABOVE_OWN_ROLE, ROLE_NOT_FOUND } from './auth.errors.ts';
import { SCIM_GROUP_NOT_FOUND, SCIM_TOKEN_NOT_FOUND, TOO_MANY_SCIM_TOKENS } from './scim.errors.ts';

/** The token by which a directory provisions the people of a partner. */
export const scimTokenSchema = z.object({
  object: z.literal('scim_token'),
  id: idSchema('scimToken'),
  name: z.string(),
  last4: z.string().length(4),
  created_by: idSchema('user'),
  created_at: timestampSchema,
  expires_at: timestampSchema,
  revoked_at: timestampSchema.nullable(),
  /** Accurate to a minute or two. Null for a token that was never used. */
  last_used_at: timestampSchema.nullable(),
});
scimTokenSchema.register(NAMED_SCHEMAS, { id: 'ScimToken' });

/** A group of a directory, and the role that it gives. */
export const scimGroupSchema = z.object({
  object: z.literal('scim_group'),
  id: idSchema('scimGroup'),
  name: z.string(),
  /** People in it. */
  members: z.number().int(),
  /** Null: the group gives no role. */
  role: z.enum([...PARTNER_ROLES, 'custom']).nullable(),
  custom_role: z.object({ id: idSchema('role'), name: z.string() }).nullable(),
  created_at: timestampSchema,
});
scimGroupSchema.register(NAMED_SCHEMAS, { id: 'ScimGroup' });

export const listScimTokens = defineRequest({
  subject: 'rpc.auth.scim-token.list',
  summary: 'The SCIM tokens of the partner, newest first, at most 100',
  http: { method: 'GET', path: '/v1/scim/tokens', status: 200 },
  permission: 'scim:read',
  input: z.strictObject({}),
  output: listOf(scimTokenSchema),
  repeatable: true,
});

export const createScimToken = defineRequest({
  subject: 'rpc.auth.scim-token.create',
  summary: 'Make a SCIM token for a directory. The token itself is shown only in this response',
  http: { method: 'POST', path: '/v1/scim/tokens', status: 201, idempotent: true },
  permission: 'scim:manage',
  audit: { action: 'scim_token.created', object: 'output.id', shows: ['name', 'expires_in_days'] },
  input: z.strictObject({
    name: storedText(120).meta({ examples: ['Okta'] }),
    expires_in_days: z.number().int().min(1).max(730).default(365),
  }),
  output: scimTokenSchema.extend({ token: z.string() }),
  errors: [ABOVE_OWN_ROLE, TOO_MANY_SCIM_TOKENS],
});

export const revokeScimToken = defineRequest({
  subject: 'rpc.auth.scim-token.revoke',
  summary: 'Revoke a SCIM token, at once and for good. The people that it provisioned stay',
  http: { method: 'DELETE', path: '/v1/scim/tokens/:id', status: 200 },
  permission: 'scim:manage',
  audit: { action: 'scim_token.revoked', object: 'input.id' },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('scimToken') }),
  output: scimTokenSchema,
  errors: [SCIM_TOKEN_NOT_FOUND],
  repeatable: true,
});

export const listProvisionedGroups = defineRequest({
  subject: 'rpc.auth.provisioned-group.list',
  summary: 'The groups of the directory and the role that each gives, by name',
  http: { method: 'GET', path: '/v1/scim/groups', status: 200 },
  permission: 'scim:read',
  input: z.strictObject({}),
  output: listOf(scimGroupSchema).extend({
    /** People that the directory has provisioned, and those of them that are members now. */
    people: z.object({ total: z.number().int(), active: z.number().int() }),
  }),
  repeatable: true,
});

export const mapProvisionedGroup = defineRequest({
  subject: 'rpc.auth.provisioned-group.map',
  summary:
    'Set the role that a group of the directory gives, or none. It holds for its people within a second',
  http: { method: 'PATCH', path: '/v1/scim/groups/:id', status: 200 },
  permission: 'scim:manage',
  audit: { action: 'scim_group.mapped', object: 'input.id', shows: ['role'] },
  input: z.strictObject({
    id: idSchema('scimGroup'),
    /** A fixed role but owner, the id of a role of the partner's own, or null. */
    role: z
      .union([z.enum(['admin', 'developer', 'billing', 'support', 'viewer']), idSchema('role')])
      .nullable()
      .meta({ examples: ['developer'] }),
  }),
  output: scimGroupSchema,
  errors: [SCIM_GROUP_NOT_FOUND, ROLE_NOT_FOUND, ABOVE_OWN_ROLE],
  repeatable: true,
});
