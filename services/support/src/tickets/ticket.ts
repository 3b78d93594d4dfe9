import type { TicketStatus, ticketSchema } from '@gridworks/contracts';
import type { z } from 'zod';

/**
 * The permitted transitions from each status. Keeping the present status is no transition.
 *
 *    open ───────▶ in_progress ◀──────▶ waiting_on_partner
 *     │ └───────────────────────────────▲     │
 *     │              │    ▲                   │
 *     │              ▼    │ reopened          │
 *     └───────────▶ resolved ◀────────────────┘
 *
 *    every status but closed ───▶ closed, the end
 */
export const TRANSITIONS: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  open: ['in_progress', 'waiting_on_partner', 'resolved', 'closed'],
  in_progress: ['waiting_on_partner', 'resolved', 'closed'],
  waiting_on_partner: ['in_progress', 'resolved', 'closed'],
  resolved: ['in_progress', 'closed'],
  closed: [],
};

/** Whether the transition from one status to another is permitted. */
export function mayGo(from: TicketStatus, to: TicketStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Why a transition is refused: one text with the present status and the permitted ones. */
export function refusal(from: TicketStatus, to: TicketStatus): string {
  const allowed = TRANSITIONS[from];
  const way =
    allowed.length > 0
      ? `From there it may go to ${allowed.join(', ')}.`
      : 'That is final; open another ticket.';
  return from === to
    ? `The ticket is ${from} already. ${way}`
    : `The ticket is ${from} and cannot become ${to}. ${way}`;
}

/** A row of `tickets`. */
export interface Ticket {
  readonly id: string;
  readonly partner_id: string;
  readonly subject: string;
  readonly body: string;
  readonly status: TicketStatus;
  readonly priority: 'low' | 'normal' | 'high' | 'urgent';
  /** Counts every change, from 1; a writer names the version that it has read. */
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A ticket as responses show it. */
export function presentTicket(ticket: Ticket): z.output<typeof ticketSchema> {
  return {
    object: 'ticket',
    id: ticket.id,
    subject: ticket.subject,
    body: ticket.body,
    status: ticket.status,
    allowed_transitions: [...TRANSITIONS[ticket.status]],
    priority: ticket.priority,
    version: ticket.version,
    created_at: ticket.created_at.toISOString(),
    updated_at: ticket.updated_at.toISOString(),
  };
}
