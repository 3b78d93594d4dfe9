import { openTicket, TICKET_STATUSES as STATUSES } from '@gridworks/contracts';
import { expect, it } from '@jest/globals';
import { ticketSchema } from './ticket-schema.ts';
import { NEXT_STEP, TICKET_STATUSES } from './ticket-words.ts';

const fits = { subject: 'Which plan?', body: 'We grow.', priority: 'normal' };
it.each([
  fits,
  { ...fits, priority: 'urgent', subject: 'x'.repeat(200), body: 'x'.repeat(10_000) },
  { ...fits, subject: '' },
  { ...fits, subject: 'x'.repeat(201) },
  { ...fits, body: '' },
  { ...fits, body: 'x'.repeat(10_001) },
  { ...fits, priority: 'soon' },
])('the form accepts an input exactly when the contract does', (value) => {
  expect(ticketSchema.safeParse(value).success).toBe(openTicket.input.safeParse(value).success);
});

it('has words for each status', () => {
  expect(Object.keys(TICKET_STATUSES).sort()).toEqual([...STATUSES].sort());
  expect(Object.keys(NEXT_STEP).sort()).toEqual([...STATUSES].sort());
});
