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

  /** With an idempotency key, the same request opens one ticket and gets the same answer however often it comes. */
  @HandleRequest(openTicket)
  async open(
    input: ParsedInputOf<typeof openTicket>,
    call: CallContext,
  ): Promise<OutputOf<typeof openTicket>> {
    const partnerId = partnerOf(call);
    const { idempotency_key: key, ...request } = input;
    const work = (tx: Transaction) => this.insert(tx, partnerId, request);
    if (key === undefined) return this.database.transaction(work);
    return this.database.idempotent({ scope: `${partnerId} ${openTicket.subject}`, key, request }, work);
  }

  private async insert(
    tx: Transaction,
    partnerId: string,
    request: Omit<ParsedInputOf<typeof openTicket>, 'idempotency_key'>,
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
