import { HandleRequest } from '@gridworks/bus';
import {
  newId,
  type OutputOf,
  openTicket,
  type ParsedInputOf,
  partnerOf,
  ticketOpened,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { TicketRepository } from './ticket.repository.ts';
import { presentTicket } from './ticket.ts';

@Controller()
export class OpenTicketHandler {
  constructor(
    private readonly database: Database,
    private readonly tickets: TicketRepository,
  ) {}

  @HandleRequest(openTicket)
  async open(
    input: ParsedInputOf<typeof openTicket>,
    call: CallContext,
  ): Promise<OutputOf<typeof openTicket>> {
    const partnerId = partnerOf(call);
    return this.database.transaction((tx) => this.#insert(tx, partnerId, input));
  }

  async #insert(
    tx: Transaction,
    partnerId: string,
    request: ParsedInputOf<typeof openTicket>,
  ): Promise<OutputOf<typeof openTicket>> {
    const now = new Date();
    const ticket = {
      id: newId('ticket'),
      partner_id: partnerId,
      ...request,
      status: 'open' as const,
      version: 1,
      created_at: now,
      updated_at: now,
    };
    await this.tickets.insert(tx, ticket);
    tx.emit(
      ticketOpened,
      { ticket_id: ticket.id, partner_id: partnerId, priority: ticket.priority },
      { partnerId },
    );
    return presentTicket(ticket);
  }
}
