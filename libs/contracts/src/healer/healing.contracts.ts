import { z } from 'zod';
import { defineEvent, defineRequest, SERVICES } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import {
  BREAKER_NOT_FOUND,
  breakerModeSchema,
  breakerNameSchema,
  breakerStatusSchema,
} from '../instance/instance.contracts.ts';
import { fingerprintSchema, healingStrategySchema } from '../instance/instance-events.contracts.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';

export const PATTERN_NOT_FOUND = defineError({
  code: 'HEALER.PATTERN_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such pattern',
});
export const VERDICT_NOT_FOUND = defineError({
  code: 'HEALER.VERDICT_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such verdict',
});
export const VERDICT_DECIDED = defineError({
  code: 'HEALER.VERDICT_DECIDED',
  kind: 'conflict',
  title: 'This verdict was decided already',
});
export const INSTANCE_NOT_FOUND = defineError({
  code: 'HEALER.INSTANCE_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such instance',
});
/**
 * The patterns that decide now, for every process: stored under the key `table` of the bucket
 * `healer_patterns`. Written by the healer, read by all services; a process that cannot read the table keeps
 * the last one it read.
 */
export const patternTableSchema = z.object({
  version: z.number().int(),
  updated_at: timestampSchema,
  patterns: z.record(
    fingerprintSchema,
    z.object({
      strategy: healingStrategySchema,
      /** `learned`: from outcomes; `model`: from a verdict of the model that is on trial or was promoted. */
      origin: z.enum(['learned', 'model']),
    }),
  ),
});
export type PatternTable = z.output<typeof patternTableSchema>;
export const PATTERN_TABLE_KEY = 'table';

/** How often a strategy healed errors of one fingerprint. */
export const patternSchema = z.object({
  object: z.literal('pattern'),
  id: idSchema('pattern'),
  fingerprint: fingerprintSchema,
  strategy: healingStrategySchema,
  origin: z.enum(['learned', 'model']),
  /** `learning`: counted only. `deciding`: every process uses it before its rules. `demoted`: it failed. */
  state: z.enum(['learning', 'trial', 'deciding', 'demoted']),
  service: z.enum(SERVICES),
  source: z.string(),
  kind: z.string(),
  /** The redacted message of a recent occurrence. */
  example: z.string(),
  /** Outcomes, weighted by age: the weight halves every week. */
  healed: z.number(),
  failed: z.number(),
  success_rate: z.number().min(0).max(1),
  /** Lower end of the 95% Wilson interval of the success rate. */
  lower_bound: z.number().min(0).max(1),
  /** The reason for its state, in words. */
  why: z.string(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
patternSchema.register(NAMED_SCHEMAS, { id: 'Pattern' });
export type Pattern = z.output<typeof patternSchema>;

const changedAt = { at: timestampSchema };
/**
 * Published without a durable consumer, for pages that show pauses: a pause was made or ended. A pause that
 * expires ends at its `expires_at`, without an event.
 */
export const pauseChanged = defineEvent({
  subject: 'event.healer.pause.changed',
  summary: 'A pause or label was made, or ended before its time',
  payload: z.object({ id: idSchema('pause'), change: z.enum(['made', 'ended']), ...changedAt }),
  listeners: ['gateway'],
});
/**
 * Published without a durable consumer: a deciding pattern was learned, demoted or deleted. A changed count
 * alone is not published.
 */
export const patternChanged = defineEvent({
  subject: 'event.healer.pattern.changed',
  summary: 'The deciding patterns changed',
  payload: z.object(changedAt),
  listeners: ['gateway'],
});

export const listPatterns = defineRequest({
  subject: 'rpc.healer.pattern.list',
  summary: 'The learned patterns: how often each strategy healed each error',
  http: { method: 'GET', path: '/v1/admin/patterns', status: 200 },
  permission: 'patterns:read',
  input: z
    .strictObject({ ...listQuery(idSchema('pattern')), state: patternSchema.shape.state.optional() })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(patternSchema),
  repeatable: true,
});
export const removePattern = defineRequest({
  subject: 'rpc.healer.pattern.remove',
  summary: 'Delete what was learned about an error: rules decide again, and counting starts from zero',
  http: { method: 'DELETE', path: '/v1/admin/patterns/:id', status: 200 },
  permission: 'patterns:write',
  audit: { action: 'pattern.removed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('pattern') }),
  output: patternSchema,
  errors: [PATTERN_NOT_FOUND],
});

/**
 * The model's suggestion for an error that neither patterns nor rules could decide. The model only suggests.
 */
export const verdictSchema = z.object({
  object: z.literal('verdict'),
  id: idSchema('verdict'),
  fingerprint: fingerprintSchema,
  service: z.enum(SERVICES),
  source: z.string(),
  /** The cause in one sentence. */
  root_cause: z.string(),
  kind: z.string(),
  strategy: healingStrategySchema,
  confidence: z.number().min(0).max(1),
  evidence: z.array(z.string()),
  model: z.string(),
  prompt_version: z.string(),
  /**
   * `suggested`: nothing happens. `trial`: a human let it be tried; five verified successes and no failure
   * promote it. `promoted`: it decides. `demoted`: it failed. `rejected`: a human rejected it.
   */
  state: z.enum(['suggested', 'trial', 'promoted', 'demoted', 'rejected']),
  verified: z.number().int().min(0),
  decided_by: z.string().nullable(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
verdictSchema.register(NAMED_SCHEMAS, { id: 'Verdict' });
export type Verdict = z.output<typeof verdictSchema>;

/**
 * Published without a durable consumer: the model suggested something, or a human decided about a suggestion.
 */
export const verdictChanged = defineEvent({
  subject: 'event.healer.verdict.changed',
  summary: 'The model suggested something, or a human decided about a suggestion',
  payload: z.object({ id: idSchema('verdict'), state: verdictSchema.shape.state, ...changedAt }),
  listeners: ['gateway'],
});

export const listVerdicts = defineRequest({
  subject: 'rpc.healer.verdict.list',
  summary: 'The suggestions of the model, newest first',
  http: { method: 'GET', path: '/v1/admin/verdicts', status: 200 },
  permission: 'verdicts:read',
  input: z
    .strictObject({ ...listQuery(idSchema('verdict')), state: verdictSchema.shape.state.optional() })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(verdictSchema),
  repeatable: true,
});
export const decideVerdict = defineRequest({
  subject: 'rpc.healer.verdict.decide',
  summary: 'Let a suggestion be tried, or reject it',
  http: { method: 'POST', path: '/v1/admin/verdicts/:id/decision', status: 200, idempotent: true },
  permission: 'verdicts:write',
  audit: { action: 'verdict.decided', object: 'input.id', shows: ['decision'] },
  input: z.strictObject({ id: idSchema('verdict'), decision: z.enum(['trial', 'reject']) }),
  output: verdictSchema,
  errors: [VERDICT_NOT_FOUND, VERDICT_DECIDED],
});

export const breakerSchema = z.object({
  object: z.literal('breaker'),
  service: z.enum(SERVICES),
  instance: processNameSchema,
  ...breakerStatusSchema.shape,
});
breakerSchema.register(NAMED_SCHEMAS, { id: 'Breaker' });
export type Breaker = z.output<typeof breakerSchema>;

export const listBreakers = defineRequest({
  subject: 'rpc.healer.breaker.list',
  summary: 'The circuit breakers of all instances that respond now',
  http: { method: 'GET', path: '/v1/admin/breakers', status: 200 },
  permission: 'breakers:read',
  input: z.strictObject({}),
  output: listOf(breakerSchema),
  repeatable: true,
});
export const setBreaker = defineRequest({
  subject: 'rpc.healer.breaker.set',
  summary: 'Hold a breaker of an instance open or closed, or let it decide by itself again',
  http: { method: 'PUT', path: '/v1/admin/instances/:instance/breakers/:breaker', status: 200 },
  permission: 'breakers:write',
  audit: { action: 'breaker.set', object: 'input.breaker', shows: ['instance', 'mode', 'reason'] },
  input: z.strictObject({
    instance: processNameSchema,
    breaker: breakerNameSchema,
    mode: breakerModeSchema,
    reason: storedText(500).meta({ examples: ['auth is being moved'] }),
  }),
  output: breakerSchema,
  errors: [INSTANCE_NOT_FOUND, BREAKER_NOT_FOUND],
  repeatable: true,
});
