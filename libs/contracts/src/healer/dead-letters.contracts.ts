import { z } from 'zod';
import { defineRequest, SERVICES } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';

export const DEAD_LETTER_NOT_FOUND = defineError({
  code: 'HEALER.DEAD_LETTER_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such dead letter',
});
export const DEAD_LETTER_REPLAYED = defineError({
  code: 'HEALER.DEAD_LETTER_REPLAYED',
  kind: 'conflict',
  title: 'The event of this dead letter was processed already',
});
export const DEAD_LETTER_DISCARDED = defineError({
  code: 'HEALER.DEAD_LETTER_DISCARDED',
  kind: 'conflict',
  title: 'This dead letter was discarded',
});
export const CONSUMER_AWAY = defineError({
  code: 'HEALER.CONSUMER_AWAY',
  kind: 'conflict',
  title: 'The consumer of this event does not run now',
});

/** `billing_record-usage` */
export const consumerSchema = z
  .string()
  .regex(/^[a-z]+_[a-z0-9]+(-[a-z0-9]+)*$/, 'expected <service>_<handler>')
  .max(100)
  .meta({ examples: ['billing_record-usage'] });
const subjectSchema = z
  .string()
  .regex(/^event(\.[a-z0-9-]+){3}$/, 'expected event.<owner>.<noun>.<past-participle>')
  .max(200)
  .meta({ examples: ['event.gateway.usage.recorded'] });

export const DEAD_LETTER_STATES = ['waiting', 'replaying', 'replayed', 'discarded'] as const;

/** An event that its consumer gave up. The same event given up again by the same consumer is the same letter. */
export const deadLetterSchema = z.object({
  object: z.literal('dead_letter'),
  id: idSchema('deadLetter'),
  event_id: z.string(),
  subject: z.string(),
  consumer: z.string(),
  service: z.enum(SERVICES),
  partner_id: z.string().nullable(),
  /** Why the consumer gave the event up, redacted. After a replay that failed: the reason of that. */
  reason: z.string(),
  /** Deliveries to this consumer, replays included. */
  deliveries: z.number().int().min(1),
  /** The first failed delivery that is known, and the last one. */
  first_failed_at: timestampSchema,
  last_failed_at: timestampSchema,
  /**
   * `waiting`: for a human. `replaying`: it is being delivered to its consumer. `replayed`: the consumer has
   * processed the event, by a replay or by itself. `discarded`: it will never be processed.
   */
  state: z.enum(DEAD_LETTER_STATES),
  /** Who asked for the last replay, or discarded the letter; null while nobody has. */
  decided_by: z.string().nullable(),
  decided_at: timestampSchema.nullable(),
  /** When the event was processed, or the letter discarded. */
  settled_at: timestampSchema.nullable(),
});
deadLetterSchema.register(NAMED_SCHEMAS, { id: 'DeadLetter' });
export type DeadLetter = z.output<typeof deadLetterSchema>;

/** A dead letter with its event. */
export const openedDeadLetterSchema = deadLetterSchema.extend({
  event_bytes: z.number().int(),
  event: z
    .unknown()
    .describe(
      'The event without secrets and personal data, shortened when it is large. Text when it is not JSON.',
    ),
});
openedDeadLetterSchema.register(NAMED_SCHEMAS, { id: 'OpenedDeadLetter' });
export type OpenedDeadLetter = z.output<typeof openedDeadLetterSchema>;

export const listDeadLetters = defineRequest({
  subject: 'rpc.healer.dead-letter.list',
  summary: 'Events that a consumer gave up, newest first',
  http: { method: 'GET', path: '/v1/admin/dead-letters', status: 200 },
  permission: 'dead-letters:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('deadLetter')),
      consumer: consumerSchema.optional(),
      subject: subjectSchema.optional(),
      state: z.enum(DEAD_LETTER_STATES).optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(deadLetterSchema),
  repeatable: true,
});

export const getDeadLetter = defineRequest({
  subject: 'rpc.healer.dead-letter.get',
  summary: 'One dead letter with its redacted event',
  http: { method: 'GET', path: '/v1/admin/dead-letters/:id', status: 200 },
  permission: 'dead-letters:read',
  input: z.strictObject({ id: idSchema('deadLetter') }),
  output: openedDeadLetterSchema,
  errors: [DEAD_LETTER_NOT_FOUND],
  repeatable: true,
});

/** The dead letters of one consumer that are not settled. */
export const deadLetterCountSchema = z.object({
  consumer: z.string(),
  service: z.enum(SERVICES),
  waiting: z.number().int(),
  replaying: z.number().int(),
  /** The first failure of the oldest letter that waits or is being replayed. */
  oldest_at: timestampSchema,
});
deadLetterCountSchema.register(NAMED_SCHEMAS, { id: 'DeadLetterCount' });
export type DeadLetterCount = z.output<typeof deadLetterCountSchema>;

export const countDeadLetters = defineRequest({
  subject: 'rpc.healer.dead-letter.count',
  summary: 'How many dead letters wait, by consumer',
  http: { method: 'GET', path: '/v1/admin/dead-letter-consumers', status: 200 },
  permission: 'dead-letters:read',
  input: z.strictObject({}),
  output: z.object({ observed_at: timestampSchema, consumers: z.array(deadLetterCountSchema) }),
  repeatable: true,
});

/** The same counts for monitor, which has no principal. */
export const watchDeadLetters = defineRequest({
  subject: 'rpc.healer.dead-letter.watch',
  summary: 'How many dead letters wait, by consumer, for monitor',
  permission: 'internal',
  callers: ['monitor'],
  input: z.strictObject({}),
  output: countDeadLetters.output,
  repeatable: true,
});

export const replayDeadLetter = defineRequest({
  subject: 'rpc.healer.dead-letter.replay',
  summary: 'Deliver the event of a dead letter to its consumer once more',
  http: { method: 'POST', path: '/v1/admin/dead-letters/:id/replay', status: 200, idempotent: true },
  permission: 'dead-letters:write',
  audit: { action: 'dead_letter.replayed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('deadLetter') }),
  output: deadLetterSchema,
  errors: [DEAD_LETTER_NOT_FOUND, DEAD_LETTER_REPLAYED, DEAD_LETTER_DISCARDED, CONSUMER_AWAY],
});

export const discardDeadLetter = defineRequest({
  subject: 'rpc.healer.dead-letter.discard',
  summary: 'Give up a dead letter for good: its event is never processed by this consumer',
  http: { method: 'POST', path: '/v1/admin/dead-letters/:id/discard', status: 200, idempotent: true },
  permission: 'dead-letters:write',
  audit: { action: 'dead_letter.discarded', object: 'input.id' },
  input: z.strictObject({ id: idSchema('deadLetter') }),
  output: deadLetterSchema,
  errors: [DEAD_LETTER_NOT_FOUND, DEAD_LETTER_REPLAYED],
});

const changed = z.object({ consumer: z.string(), letters: z.number().int().min(0) });

export const replayDeadLetters = defineRequest({
  subject: 'rpc.healer.dead-letter.replay-all',
  summary: 'Deliver the events of all dead letters of a consumer that wait to it once more, oldest first',
  http: {
    method: 'POST',
    path: '/v1/admin/dead-letter-consumers/:consumer/replay',
    status: 200,
    idempotent: true,
  },
  permission: 'dead-letters:write',
  audit: { action: 'dead_letter.all_replayed', object: 'input.consumer' },
  input: z.strictObject({ consumer: consumerSchema }),
  /** `letters`: how many are being replayed because of this call. */
  output: changed,
  errors: [CONSUMER_AWAY],
});

export const discardDeadLetters = defineRequest({
  subject: 'rpc.healer.dead-letter.discard-all',
  summary: 'Give up all dead letters of a consumer that wait, for good',
  http: {
    method: 'POST',
    path: '/v1/admin/dead-letter-consumers/:consumer/discard',
    status: 200,
    idempotent: true,
  },
  permission: 'dead-letters:write',
  audit: { action: 'dead_letter.all_discarded', object: 'input.consumer' },
  input: z.strictObject({ consumer: consumerSchema }),
  output: changed,
});
