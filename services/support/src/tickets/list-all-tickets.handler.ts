import { HandleRequest } from '@gridworks/bus';
import { listAllTickets, listPage, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { TicketRepository } from './ticket.repository.ts';
import { presentTicket } from './ticket.ts';

@Controller()
export class ListAllTicketsHandler {
  constructor(private readonly tickets: TicketRepository) {}

  @HandleRequest(listAllTickets)
  async list(input: ParsedInputOf<typeof listAllTickets>): Promise<OutputOf<typeof listAllTickets>> {
    const page = await this.tickets.pageOfAll(input);
    const data = page.data.map((ticket) => ({ ...presentTicket(ticket), partner_id: ticket.partner_id }));
    return listPage(listAllTickets, { ...page, data });
  }
}
