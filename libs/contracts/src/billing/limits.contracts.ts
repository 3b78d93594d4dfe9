import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { callAllowanceSchema } from './budgets.contracts.ts';
import { planLimitsSchema } from './plan-version.ts';

export const ACCOUNT_NOT_FOUND = defineError({
  code: 'BILLING.ACCOUNT_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such partner',
});
export const OVERRIDE_NOT_FOUND = defineError({
  code: 'BILLING.OVERRIDE_NOT_FOUND',
  kind: 'not_found',
  title: 'The partner has no override of this limit',
});
export const OVERRIDE_EXPIRED = defineError({
  code: 'BILLING.OVERRIDE_EXPIRED',
  kind: 'invalid_input',
  title: 'The override would have expired already',
});

/** The limits of every partner, by their names in the headers: calls in any 60 seconds and in any 24 hours. */
export const LIMIT_NAMES = ['burst', 'daily'] as const;
const name = z.enum(LIMIT_NAMES);

/** Calls in a window. */
const quota = z
  .number()
  .int()
  .min(1)
  .max(1e9)
  .meta({ examples: [1200] });

/** A limit of one partner in place of that of its plan. */
export const limitOverrideSchema = z.object({
  object: z.literal('limit_override'),
  id: idSchema('limitOverride'),
  name,
  quota,
  /** Null: until it is removed. From this moment on the limit of the plan is in force again. */
  expires_at: timestampSchema.nullable(),
  reason: z.string(),
  /** The person of GridWorks who set it. */
  set_by: z.string(),
  created_at: timestampSchema,
  /** Whether it has not expired yet. */
  in_force: z.boolean(),
});
limitOverrideSchema.register(NAMED_SCHEMAS, { id: 'LimitOverride' });

export const listLimitOverrides = defineRequest({
  subject: 'rpc.billing.limit-override.list',
  summary: 'The limits of a partner that differ from its plan, newest first, also those that have expired',
  http: { method: 'GET', path: '/v1/admin/partners/:id/limits', status: 200 },
  permission: 'partners:read',
  input: z
    .strictObject({ id: idSchema('partner'), ...listQuery(idSchema('limitOverride')) })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(limitOverrideSchema),
  repeatable: true,
});

export const setLimitOverride = defineRequest({
  subject: 'rpc.billing.limit-override.set',
  summary: 'Give a partner another limit than its plan has; every gateway obeys within a second',
  http: { method: 'PUT', path: '/v1/admin/partners/:id/limits/:name', status: 200 },
  permission: 'limits:write',
  audit: {
    ...{ action: 'limit_override.set', object: 'output.id' },
    shows: ['name', 'quota', 'expires_at', 'reason'],
  },
  input: z.strictObject({
    id: idSchema('partner'),
    name,
    quota,
    expires_at: z.iso
      .datetime()
      .nullable()
      .default(null)
      .describe('The moment at which the limit of the plan is in force again. Default: none.'),
    reason: storedText(500).meta({ examples: ['Load test of the partner on Friday'] }),
  }),
  output: limitOverrideSchema,
  errors: [ACCOUNT_NOT_FOUND, OVERRIDE_EXPIRED],
  repeatable: true,
});

export const removeLimitOverride = defineRequest({
  subject: 'rpc.billing.limit-override.remove',
  summary: 'Give a partner the limit of its plan again; every gateway obeys within a second',
  http: { method: 'DELETE', path: '/v1/admin/partners/:id/limits/:name', status: 200 },
  permission: 'limits:write',
  audit: { action: 'limit_override.removed', object: 'output.id' },
  input: z.strictObject({ id: idSchema('partner'), name }),
  output: z.object({
    object: z.literal('limit_override'),
    id: idSchema('limitOverride'),
    name,
    deleted: z.literal(true),
  }),
  errors: [OVERRIDE_NOT_FOUND],
});

/** What a partner may do, as its plan and its overrides say. */
export const entitlementsSchema = z.object({
  limits: planLimitsSchema,
  /** Those that have not expired. Each takes the place of the limit of its name until it expires. */
  overrides: z.array(z.object({ name, quota: z.number().int(), expires_at: timestampSchema.nullable() })),
  /** The metered calls that are left, where the partner has chosen that calls stop at a budget; null or missing: no bound. */
  budget: callAllowanceSchema.nullable().optional(),
});
export type Entitlements = z.output<typeof entitlementsSchema>;

/** Sent by the gateway when it first sees a partner, from time to time, and after a change. */
export const getEntitlements = defineRequest({
  subject: 'rpc.billing.entitlements.get',
  summary: 'The limits of a partner, by its plan, its overrides and its budget',
  permission: 'internal',
  callers: ['gateway'],
  // After a restart every gateway asks for each partner that calls, at once and as one caller: none of them may wait for the others.
  criticality: 'critical',
  input: z.strictObject({
    partner_id: idSchema('partner'),
    /** The generation of an allowance that is used up: there is another one when billing has counted fewer calls than were leased. */
    used_up: z.string().max(60).optional(),
  }),
  output: entitlementsSchema,
  repeatable: true,
});

/** Every gateway that knows the partner requests its entitlements again. */
export const entitlementsChanged = defineEvent({
  subject: 'event.billing.entitlements.changed',
  summary: 'The plan, an override or the budget of a partner changed: it may do more or less than before',
  payload: z.object({ partner_id: idSchema('partner'), at: timestampSchema }),
  listeners: ['gateway'],
});
