import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema } from '../values/identifiers.ts';
import { UNKNOWN_CURRENCY } from './billing-profile.contracts.ts';
import { planIdSchema, planTermsSchema, planVersionSchema } from './plan-version.ts';

export const PLAN_VERSION_NOT_FOUND = defineError({
  code: 'BILLING.PLAN_VERSION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such plan version',
});
export const PLAN_VERSION_NOT_DRAFT = defineError({
  code: 'BILLING.PLAN_VERSION_NOT_DRAFT',
  kind: 'conflict',
  title: 'Only a draft can be changed; a published version stays as it is',
});
export const PLAN_VERSION_NOT_PUBLISHED = defineError({
  code: 'BILLING.PLAN_VERSION_NOT_PUBLISHED',
  kind: 'conflict',
  title: 'Only a published version can be retired',
});
export const PLAN_NEEDED = defineError({
  code: 'BILLING.PLAN_NEEDED',
  kind: 'conflict',
  title: 'New partners need this plan: publish another version of it first',
});
export const UNKNOWN_METRIC = defineError({
  code: 'BILLING.UNKNOWN_METRIC',
  kind: 'invalid_input',
  title: 'The plan charges a metric that no product emits',
});
const id = idSchema('planVersion');
const shows = ['name', 'interval', 'trial_days', 'prices', 'limits'];

export const listPlanVersions = defineRequest({
  subject: 'rpc.billing.plan-version.list',
  summary: 'All versions of all plans or of one, also drafts and retired ones, newest first',
  http: { method: 'GET', path: '/v1/admin/plan-versions', status: 200 },
  permission: 'plan-versions:read',
  input: z
    .strictObject({ ...listQuery(id), plan: planIdSchema.optional() })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(planVersionSchema),
  repeatable: true,
});

export const getPlanVersion = defineRequest({
  subject: 'rpc.billing.plan-version.get',
  summary: 'One version of a plan',
  http: { method: 'GET', path: '/v1/admin/plan-versions/:id', status: 200 },
  permission: 'plan-versions:read',
  input: z.strictObject({ id }),
  output: planVersionSchema,
  errors: [PLAN_VERSION_NOT_FOUND],
  repeatable: true,
});

export const createPlanVersion = defineRequest({
  subject: 'rpc.billing.plan-version.create',
  summary: 'Draft the next version of a plan, or the first one of a new plan',
  http: { method: 'POST', path: '/v1/admin/plan-versions', status: 201, idempotent: true },
  permission: 'plans:write',
  audit: { action: 'plan_version.created', object: 'output.id', shows: ['plan', ...shows] },
  input: planTermsSchema.extend({ plan: planIdSchema }),
  output: planVersionSchema,
});

export const changePlanVersion = defineRequest({
  subject: 'rpc.billing.plan-version.change',
  summary: 'Change a draft',
  http: { method: 'PATCH', path: '/v1/admin/plan-versions/:id', status: 200 },
  permission: 'plans:write',
  audit: { action: 'plan_version.changed', object: 'input.id', shows },
  input: planTermsSchema.partial().extend({ id }),
  output: planVersionSchema,
  errors: [PLAN_VERSION_NOT_FOUND, PLAN_VERSION_NOT_DRAFT],
  repeatable: true,
});

export const removePlanVersion = defineRequest({
  subject: 'rpc.billing.plan-version.remove',
  summary: 'Throw a draft away',
  http: { method: 'DELETE', path: '/v1/admin/plan-versions/:id', status: 200 },
  permission: 'plans:write',
  audit: { action: 'plan_version.removed', object: 'input.id' },
  input: z.strictObject({ id }),
  output: z.object({ object: z.literal('plan_version'), id, deleted: z.literal(true) }),
  errors: [PLAN_VERSION_NOT_FOUND, PLAN_VERSION_NOT_DRAFT],
});

export const publishPlanVersion = defineRequest({
  subject: 'rpc.billing.plan-version.publish',
  summary:
    'Offer a draft to everybody, in place of older versions of the plan. It never changes from then on, and partners keep the version that they have',
  http: { method: 'POST', path: '/v1/admin/plan-versions/:id/publish', status: 200, idempotent: true },
  permission: 'plans:write',
  audit: { action: 'plan_version.published', object: 'input.id' },
  input: z.strictObject({ id }),
  output: planVersionSchema,
  errors: [PLAN_VERSION_NOT_FOUND, PLAN_VERSION_NOT_DRAFT, UNKNOWN_METRIC, UNKNOWN_CURRENCY],
});

export const retirePlanVersion = defineRequest({
  subject: 'rpc.billing.plan-version.retire',
  summary: 'Offer a version to nobody any more; partners that have it keep it',
  http: { method: 'POST', path: '/v1/admin/plan-versions/:id/retire', status: 200, idempotent: true },
  permission: 'plans:write',
  audit: { action: 'plan_version.retired', object: 'input.id' },
  input: z.strictObject({ id }),
  output: planVersionSchema,
  errors: [PLAN_VERSION_NOT_FOUND, PLAN_VERSION_NOT_PUBLISHED, PLAN_NEEDED],
});
