import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { checkDefinitionSchema, checkNameSchema, checkThresholdSchema } from './check-definition.ts';

export const CHECK_NOT_FOUND = defineError({
  code: 'MONITOR.CHECK_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such check',
});
export const CHECK_NOT_CONFIGURED = defineError({
  code: 'MONITOR.CHECK_NOT_CONFIGURED',
  kind: 'conflict',
  title: 'What this check would check is not configured',
});

/**
 * `silenced`: a check that it depends on fails, or monitor itself seems to be offline. `not_configured`: there is
 * nothing to check. Only `passing` is healthy.
 */
export const checkStateSchema = z.enum([
  'passing',
  'degraded',
  'failing',
  'silenced',
  'muted',
  'disabled',
  'not_configured',
  'unknown',
]);
export type CheckStateName = z.output<typeof checkStateSchema>;

/** One run of a check, its retries included. */
export const checkRunSchema = z.object({
  at: timestampSchema,
  passed: z.boolean(),
  /** Of the attempt that counted; null when nothing was measured. */
  response_time_ms: z.number().nullable(),
  /** Why it failed, or what is nearly wrong; null when all is well. Without secrets. */
  detail: z.string().nullable(),
  /** The step of a business check that failed: `login`, `call` or `count`. */
  step: z.enum(['login', 'call', 'count']).nullable(),
  attempts: z.int().min(1),
});
checkRunSchema.register(NAMED_SCHEMAS, { id: 'CheckRun' });
export type CheckRun = z.output<typeof checkRunSchema>;

/** How many of its latest runs a check remembers; rates are counted over them. */
export const CHECK_RUNS_KEPT = 20;

/** A check as it is now: its row of the table with the changes of admins, and its state. */
export const checkSchema = z.object({
  object: z.literal('check'),
  ...checkDefinitionSchema.shape,
  state: checkStateSchema,
  /** Since when it has been in this state, as far as this monitor knows. */
  since: timestampSchema,
  enabled: z.boolean(),
  muted_until: timestampSchema.nullable(),
  /** The failing checks that silence this one. */
  silenced_by: z.array(z.string()),
  /** Null before the first run. */
  last_run: checkRunSchema.nullable(),
  /** The latest runs, oldest first. Monitor forgets them when it restarts. */
  runs: z.array(checkRunSchema),
  /** Shares of the runs since the check was last healthy again; null while there are fewer than ten. */
  error_rate: z.number().nullable(),
  success_rate: z.number().nullable(),
  /** Null while it does not run. */
  next_run_at: timestampSchema.nullable(),
  /** The newest change of an admin; null: the defaults. */
  changed_at: timestampSchema.nullable(),
  changed_by: z.string().nullable(),
});
checkSchema.register(NAMED_SCHEMAS, { id: 'Check' });
export type Check = z.output<typeof checkSchema>;

const named = { name: checkNameSchema };

export const listChecks = defineRequest({
  subject: 'rpc.monitor.check.list',
  summary: 'All checks with their state, latest runs, thresholds and next run',
  http: { method: 'GET', path: '/v1/admin/checks', status: 200 },
  permission: 'checks:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('checks'),
    observed_at: timestampSchema,
    /**
     * Since when all external checks have failed together while the own servers work: then monitor itself is
     * offline, and reports none of them. Null: it is not.
     */
    offline_since: timestampSchema.nullable(),
    checks: z.array(checkSchema),
  }),
  repeatable: true,
});

export const getCheck = defineRequest({
  subject: 'rpc.monitor.check.get',
  summary: 'One check with its state and its latest runs',
  http: { method: 'GET', path: '/v1/admin/checks/:name', status: 200 },
  permission: 'checks:read',
  input: z.strictObject(named),
  output: checkSchema,
  errors: [CHECK_NOT_FOUND],
  repeatable: true,
});

export const runCheck = defineRequest({
  subject: 'rpc.monitor.check.run',
  summary: 'Run a check now, also while it is muted, disabled or silenced, and return the run',
  http: { method: 'POST', path: '/v1/admin/checks/:name/run', status: 200, deadlineMs: 15_000 },
  permission: 'checks:write',
  audit: { none: 'a look without effect, which counts as any other run of the check' },
  input: z.strictObject(named),
  output: z.object({ object: z.literal('check_run'), run: checkRunSchema, check: checkSchema }),
  errors: [CHECK_NOT_FOUND, CHECK_NOT_CONFIGURED],
  repeatable: true,
});

/** The members of a check that an admin may change. */
export const checkSettingsSchema = z.object({
  threshold: checkThresholdSchema,
  interval_ms: z.int(),
  enabled: z.boolean(),
  muted_until: timestampSchema.nullable(),
});
export type CheckSettings = z.output<typeof checkSettingsSchema>;

export const changeCheck = defineRequest({
  subject: 'rpc.monitor.check.change',
  summary:
    'Change thresholds or interval of a check, disable it, or mute it until a time. What is left out stays',
  http: { method: 'PATCH', path: '/v1/admin/checks/:name', status: 200 },
  permission: 'checks:write',
  audit: {
    action: 'check.changed',
    object: 'input.name',
    shows: ['threshold', 'interval_ms', 'enabled', 'muted_until'],
  },
  input: z.strictObject({
    ...named,
    threshold: checkThresholdSchema.partial().optional(),
    interval_ms: z
      .int()
      .min(250)
      .max(3_600_000)
      .optional()
      .describe('Within `interval_bounds` of the check.'),
    enabled: z.boolean().optional(),
    muted_until: timestampSchema
      .nullable()
      .optional()
      .describe('The check runs on, and reports nothing until then. At most 30 days ahead; null ends it.'),
  }),
  output: checkSchema,
  errors: [CHECK_NOT_FOUND],
  repeatable: true,
});

/** A change of a check by an admin. */
export const checkChangeSchema = z.object({
  object: z.literal('check_change'),
  id: idSchema('checkChange'),
  check: z.string(),
  changed_by: z.string(),
  changed_at: timestampSchema,
  before: checkSettingsSchema,
  after: checkSettingsSchema,
});
checkChangeSchema.register(NAMED_SCHEMAS, { id: 'CheckChange' });
export type CheckChange = z.output<typeof checkChangeSchema>;

export const listCheckChanges = defineRequest({
  subject: 'rpc.monitor.check.list-changes',
  summary: 'The changes of a check by admins, newest first',
  http: { method: 'GET', path: '/v1/admin/checks/:name/changes', status: 200 },
  permission: 'checks:read',
  input: z.strictObject({
    ...named,
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('Maximum number of changes.'),
  }),
  output: listOf(checkChangeSchema),
  errors: [CHECK_NOT_FOUND],
  repeatable: true,
});
