import { z } from 'zod';
import { defineEvent } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isStorableText } from '../values/text.ts';

/** One call that was made with an API key or an access token and got a response. Its `id` ensures that it is counted once. */
export const usageRecordSchema = z.object({
  id: idSchema('usage'),
  partner_id: idSchema('partner'),
  /** The key, or the application of an access token. */
  api_key_id: z.union([idSchema('apiKey'), idSchema('application')]),
  /** The mode of the key; a record from before this member existed counts as live. */
  mode: z.enum(['live', 'test']).default('live'),
  /** The route's pattern, for instance `GET /v1/plans`. */
  operation: z.string().max(120).refine(isStorableText, 'is not valid text'),
  status: z.number().int(),
  /**
   * Milliseconds from the request to its response, as the gateway measured it; a record from before this
   * member existed has none.
   */
  took_ms: z.number().min(0).optional(),
  at: timestampSchema,
});
usageRecordSchema.register(NAMED_SCHEMAS, { id: 'UsageRecord' });
export type UsageRecord = z.output<typeof usageRecordSchema>;

/**
 * A batch of records: a busy gateway sends hundreds of records in one message. Consumers deduplicate by
 * record id.
 */
export const usageRecorded = defineEvent({
  subject: 'event.gateway.usage.recorded',
  summary: 'Metered calls got their responses',
  payload: z.object({ records: z.array(usageRecordSchema).min(1).max(500) }),
  consumers: ['billing_record-usage'],
});
