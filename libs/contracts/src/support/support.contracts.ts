import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';

export const TICKET_NOT_FOUND = defineError({
  code: 'SUPPORT.TICKET_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such ticket',
});
export const TICKET_TRANSITION_FORBIDDEN = defineError({
  code: 'SUPPORT.TICKET_TRANSITION_FORBIDDEN',
  kind: 'conflict',
  title: 'The ticket cannot go to this status from where it is',
});

export const TICKET_STATUSES = ['open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed'] as const;
export const ticketStatusSchema = z.enum(TICKET_STATUSES);
export type TicketStatus = z.output<typeof ticketStatusSchema>;

export const ticketSchema = z.object({
  object: z.literal('ticket'),
  id: idSchema('ticket'),
  subject: z.string(),
  body: z.string(),
  status: ticketStatusSchema,
  /** The statuses that may follow its status. */
  allowed_transitions: z.array(ticketStatusSchema),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  /** Counts every change, from 1. */
  version: z.number().int(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
ticketSchema.register(NAMED_SCHEMAS, { id: 'Ticket' });

export const openTicket = defineRequest({
  subject: 'rpc.support.ticket.open',
  summary: 'Open a support ticket',
  http: { method: 'POST', path: '/v1/tickets', status: 201, idempotent: true },
  permission: 'tickets:write',
  audit: { action: 'ticket.opened', object: 'output.id', shows: ['priority'] },
  criticality: 'critical',
  input: z.strictObject({
    subject: storedText(200).meta({ examples: ['Which plan fits 2 million calls?'] }),
    body: storedText(10_000).meta({ examples: ['We expect to grow in spring.'] }),
    priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
  }),
  output: ticketSchema,
});

export const getTicket = defineRequest({
  subject: 'rpc.support.ticket.get',
  summary: 'Read a ticket',
  http: { method: 'GET', path: '/v1/tickets/:id', status: 200 },
  permission: 'tickets:read',
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('ticket') }),
  output: ticketSchema,
  errors: [TICKET_NOT_FOUND],
  repeatable: true,
});

export const listTickets = defineRequest({
  subject: 'rpc.support.ticket.list',
  summary: 'List the tickets of the partner',
  http: { method: 'GET', path: '/v1/tickets', status: 200 },
  permission: 'tickets:read',
  input: z
    .strictObject({ ...listQuery(idSchema('ticket')), status: ticketStatusSchema.optional() })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(ticketSchema),
  repeatable: true,
});

/** A ticket as people of GridWorks see it. */
export const adminTicketSchema = ticketSchema.extend({ partner_id: idSchema('partner') });
adminTicketSchema.register(NAMED_SCHEMAS, { id: 'AdminTicket' });

export const listAllTickets = defineRequest({
  subject: 'rpc.support.ticket.list-all',
  summary: 'List the tickets of all partners',
  http: { method: 'GET', path: '/v1/admin/tickets', status: 200 },
  permission: 'partners:read',
  input: z
    .strictObject({
      ...listQuery(idSchema('ticket')),
      status: ticketStatusSchema.optional(),
      priority: ticketSchema.shape.priority.optional(),
      partner_id: idSchema('partner').optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(adminTicketSchema),
  repeatable: true,
});

/** Sent by auth for a list of partners and their first steps, and by monitor for the overview. */
export const summarizeTickets = defineRequest({
  subject: 'rpc.support.ticket.summarize',
  summary: 'The number of tickets in each status, and of up to 100 partners',
  permission: 'internal',
  callers: ['auth', 'monitor'],
  input: z.strictObject({ partner_ids: z.array(idSchema('partner')).max(100).default([]) }),
  output: z.object({
    observed_at: timestampSchema,
    by_status: z.record(ticketStatusSchema, z.number().int()),
    /** Only partners that have a ticket. */
    partners: z.array(
      z.object({
        partner_id: z.string(),
        /** Neither resolved nor closed. */
        open_tickets: z.number().int(),
        first_ticket_at: timestampSchema,
      }),
    ),
  }),
  repeatable: true,
});

export const transitionTicket = defineRequest({
  subject: 'rpc.support.ticket.transition',
  summary: 'Move a ticket to another status',
  http: { method: 'PATCH', path: '/v1/tickets/:id', status: 200, idempotent: true },
  permission: 'tickets:write',
  audit: { action: 'ticket.transitioned', object: 'input.id', shows: ['status'] },
  criticality: 'critical',
  input: z.strictObject({ id: idSchema('ticket'), status: ticketStatusSchema }),
  output: ticketSchema,
  errors: [TICKET_NOT_FOUND, TICKET_TRANSITION_FORBIDDEN],
});

export const ticketOpened = defineEvent({
  subject: 'event.support.ticket.opened',
  summary: 'A partner asked for help',
  payload: z.object({ ticket_id: idSchema('ticket'), partner_id: idSchema('partner'), priority: z.string() }),
});

export const ticketTransitioned = defineEvent({
  subject: 'event.support.ticket.transitioned',
  summary: 'A ticket changed its status',
  payload: z.object({
    ticket_id: idSchema('ticket'),
    partner_id: idSchema('partner'),
    from: ticketStatusSchema,
    to: ticketStatusSchema,
  }),
});
