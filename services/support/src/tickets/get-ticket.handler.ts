import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  getTicket,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  TICKET_NOT_FOUND,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { TicketRepository } from './ticket.repository.ts';
import { presentTicket } from './ticket.ts';

@Controller()
export class GetTicketHandler {
  constructor(private readonly tickets: TicketRepository) {}

  @HandleRequest(getTicket)
  async get(input: ParsedInputOf<typeof getTicket>, call: CallContext): Promise<OutputOf<typeof getTicket>> {
    const ticket = await this.tickets.find(partnerOf(call), input.id);
    if (!ticket) throw new AppError(TICKET_NOT_FOUND);
    return presentTicket(ticket);
  }
}
