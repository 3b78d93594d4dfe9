import * as z from 'zod/mini';

const LONGEST_SUBJECT = 200;
const LONGEST_BODY = 10_000;

/** The rules of `POST /v1/tickets`; a spec compares them with the contract. */
export const ticketSchema = z.object({
  subject: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Say in a few words what it is about'),
      z.maxLength(LONGEST_SUBJECT, `At most ${LONGEST_SUBJECT} characters`),
    ),
  body: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Tell us what happened and what you expected'),
      z.maxLength(LONGEST_BODY, `At most ${LONGEST_BODY} characters`),
    ),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
});
export type NewTicket = z.output<typeof ticketSchema>;
