import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  TICKET_NOT_FOUND,
  TICKET_TRANSITION_FORBIDDEN,
  type TicketStatus,
  ticketTransitioned,
  transitionTicket,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { type CallContext, counter, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { TicketRepository } from './ticket.repository.ts';
import { mayGo, presentTicket, refusal, type Ticket, TRANSITIONS } from './ticket.ts';

const forbidden = counter(
  'support_ticket_forbidden_transitions_total',
  'Transitions of tickets that were refused, by where the ticket was and where it should have gone',
  ['from', 'to'],
);

// A ticket has five statuses: a writer that loses more races than this has met a hot spot.
const MAX_TRIES = 5;

@Controller()
export class TransitionTicketHandler {
  constructor(
    private readonly database: Database,
    private readonly tickets: TicketRepository,
  ) {}

  /**
   * Of two simultaneous transitions the first wins; the second is checked against the status that the first
   * has set.
   */
  @HandleRequest(transitionTicket)
  async transition(
    input: ParsedInputOf<typeof transitionTicket>,
    call: CallContext,
  ): Promise<OutputOf<typeof transitionTicket>> {
    const partnerId = partnerOf(call);
    return this.database.transaction(async (tx) => {
      const { before, after } = await this.#move(tx, partnerId, input.id, input.status);
      noteAct({ before: { status: before.status } });
      tx.emit(
        ticketTransitioned,
        { ticket_id: after.id, partner_id: partnerId, from: before.status, to: after.status },
        { partnerId },
      );
      return presentTicket(after);
    });
  }

  async #move(
    tx: Transaction,
    partnerId: string,
    id: string,
    to: TicketStatus,
  ): Promise<{ before: Ticket; after: Ticket }> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await this.tickets.findWithin(tx, partnerId, id);
      if (!before) throw new AppError(TICKET_NOT_FOUND);
      if (!mayGo(before.status, to)) {
        forbidden.labels(before.status, to).inc();
        throw new AppError(TICKET_TRANSITION_FORBIDDEN, {
          detail: refusal(before.status, to),
          details: { status: before.status, requested: to, allowed: TRANSITIONS[before.status] },
        });
      }
      const after = await this.tickets.move(tx, before, to, new Date());
      if (after) return { before, after };
    }
    throw new AppError(UNAVAILABLE, {
      detail: 'Others are changing this ticket right now.',
      retryAfterMs: 200,
    });
  }
}
