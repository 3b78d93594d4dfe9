import { HandleRequest } from '@gridworks/bus';
import { listPage, listTickets, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { TicketRepository } from './ticket.repository.ts';
import { presentTicket } from './ticket.ts';

@Controller()
export class ListTicketsHandler {
  constructor(private readonly tickets: TicketRepository) {}

  @HandleRequest(listTickets)
  async list(
    input: ParsedInputOf<typeof listTickets>,
    call: CallContext,
  ): Promise<OutputOf<typeof listTickets>> {
    const page = await this.tickets.page(partnerOf(call), input);
    return listPage(listTickets, { ...page, data: page.data.map(presentTicket) });
  }
}
