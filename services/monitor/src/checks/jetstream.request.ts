import { DEAD_LETTER_STREAM, EVENT_STREAM, type RequestContract } from '@gridworks/contracts';
import { z } from 'zod';

/** What the bus itself answers about its streams: NATS' own API, described as the contracts describe ours. */
function jetstreamRequest<I extends z.ZodType, O extends z.ZodType>(api: string, input: I, output: O) {
  return {
    type: 'request',
    subject: `$JS.API.${api}`,
    owner: 'monitor',
    summary: api,
    input,
    output,
    errors: [],
    callers: ['monitor'],
    repeatable: true,
    permission: 'internal',
  } as const satisfies RequestContract;
}

/** How many dead letters there ever were, and how many there are by subject. */
export const deadLetterInfo = jetstreamRequest(
  `STREAM.INFO.${DEAD_LETTER_STREAM.name}`,
  z.object({ subjects_filter: z.string() }),
  z.object({
    state: z.object({
      last_seq: z.number().int(),
      subjects: z.record(z.string(), z.number().int()).nullish(),
    }),
  }),
);

/** How far a durable consumer is behind. */
export const consumerInfo = (consumer: string) =>
  jetstreamRequest(
    `CONSUMER.INFO.${EVENT_STREAM.name}.${consumer}`,
    z.strictObject({}),
    z.object({ num_pending: z.number().int(), num_ack_pending: z.number().int() }),
  );
