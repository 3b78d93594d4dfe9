import { z } from 'zod';
import { defineRequest, SERVICES } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import {
  databaseNameSchema,
  indexColumnSchema,
  indexEvidenceSchema,
  queryPlanSchema,
} from '../instance/index-requests.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';

export const SUGGESTION_NOT_FOUND = defineError({
  code: 'HEALER.SUGGESTION_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such suggestion',
});
export const SUGGESTION_DECIDED = defineError({
  code: 'HEALER.SUGGESTION_DECIDED',
  kind: 'conflict',
  title: 'This suggestion is in a state that does not allow this',
});
export const INDEX_IN_USE = defineError({
  code: 'HEALER.INDEX_IN_USE',
  kind: 'conflict',
  title: 'This index was used, or has not had a week to be used',
});

/**
 * `suggested`: for a human. `dismissed`: not wanted, and not suggested again. `building`: approved, the healer has it built. `built`: it is
 * valid. `failed`: three tries failed, or it does not serve its statement; nothing is left. `dropping`, `dropped`: it was not used, and a human had it dropped.
 */
export const SUGGESTION_STATES = [
  'suggested',
  'dismissed',
  'building',
  'built',
  'failed',
  'dropping',
  'dropped',
] as const;

/** The statement before and after its index: calls and mean time of a call in milliseconds. */
const timingSchema = z.object({ calls: z.number(), mean_ms: z.number() });

/** An index that is missing, by evidence, and what became of it. */
export const indexSuggestionSchema = z.object({
  object: z.literal('index_suggestion'),
  id: idSchema('indexSuggestion'),
  service: z.enum(SERVICES),
  table: databaseNameSchema,
  columns: z.array(indexColumnSchema),
  index: databaseNameSchema,
  state: z.enum(SUGGESTION_STATES),
  evidence: indexEvidenceSchema,
  /** When a look found it first and last. */
  first_seen_at: timestampSchema,
  last_seen_at: timestampSchema,
  /** While it is being built: what PostgreSQL does, and the share that is done (0 to 1; null when it does not say). */
  progress: z.object({ phase: z.string(), share: z.number().nullable() }).nullable(),
  /** After it was built: the plan of its statement, and how long a call took before and since. `after` is null until there were calls. */
  result: z
    .object({
      built_at: timestampSchema,
      plan: queryPlanSchema.nullable(),
      before: timingSchema,
      after: timingSchema.nullable(),
      /** Scans of the index so far. */
      scans: z.number(),
      /** No scan for a week: it may be dropped. */
      unused: z.boolean(),
    })
    .nullable(),
  /** Everything that was decided and done, oldest first. */
  timeline: z.array(z.object({ at: timestampSchema, by: z.string(), text: z.string() })),
});
indexSuggestionSchema.register(NAMED_SCHEMAS, { id: 'IndexSuggestion' });
export type IndexSuggestion = z.output<typeof indexSuggestionSchema>;

/** What the last look at the statements of a service brought. */
const lookSchema = z.object({
  service: z.enum(SERVICES),
  at: timestampSchema,
  /** Why nothing can be said about this service; null when its statements were looked at. */
  reason: z.string().nullable(),
});

export const listIndexSuggestions = defineRequest({
  subject: 'rpc.healer.index-suggestion.list',
  summary: 'Indexes that are missing, with evidence, and those that were built',
  http: { method: 'GET', path: '/v1/admin/database/suggestions', status: 200 },
  permission: 'database:read',
  input: z.strictObject({}),
  output: z.object({ looks: z.array(lookSchema), suggestions: z.array(indexSuggestionSchema) }),
  repeatable: true,
});
export type IndexSuggestions = z.output<typeof listIndexSuggestions.output>;

export const lookForIndexes = defineRequest({
  subject: 'rpc.healer.index-suggestion.look',
  summary: 'Look now, not only once an hour, which indexes are missing',
  http: { method: 'POST', path: '/v1/admin/database/suggestions/look', status: 200, deadlineMs: 30_000 },
  permission: 'database:read',
  audit: { none: 'a look changes nothing' },
  input: z.strictObject({}),
  output: listIndexSuggestions.output,
  repeatable: true,
});

const decision = z.strictObject({
  id: idSchema('indexSuggestion'),
  reason: storedText(500).meta({ examples: ['the list of tickets is slow'] }),
});

export const approveIndex = defineRequest({
  subject: 'rpc.healer.index-suggestion.approve',
  summary: 'Have the healer build this index, concurrently',
  http: { method: 'POST', path: '/v1/admin/database/suggestions/:id/approve', status: 200, idempotent: true },
  permission: 'database:write',
  audit: { action: 'index_suggestion.approved', object: 'input.id' },
  input: decision,
  output: indexSuggestionSchema,
  errors: [SUGGESTION_NOT_FOUND, SUGGESTION_DECIDED],
});

export const dismissIndex = defineRequest({
  subject: 'rpc.healer.index-suggestion.dismiss',
  summary: 'Dismiss a suggestion: the same index is not suggested again',
  http: { method: 'POST', path: '/v1/admin/database/suggestions/:id/dismiss', status: 200, idempotent: true },
  permission: 'database:write',
  audit: { action: 'index_suggestion.dismissed', object: 'input.id' },
  input: decision,
  output: indexSuggestionSchema,
  errors: [SUGGESTION_NOT_FOUND, SUGGESTION_DECIDED],
});

export const dropIndex = defineRequest({
  subject: 'rpc.healer.index-suggestion.drop',
  summary: 'Have the healer drop an index that it built and that was not used for a week',
  http: { method: 'POST', path: '/v1/admin/database/suggestions/:id/drop', status: 200, idempotent: true },
  permission: 'database:write',
  audit: { action: 'index_suggestion.dropped', object: 'input.id' },
  input: decision,
  output: indexSuggestionSchema,
  errors: [SUGGESTION_NOT_FOUND, SUGGESTION_DECIDED, INDEX_IN_USE],
});
