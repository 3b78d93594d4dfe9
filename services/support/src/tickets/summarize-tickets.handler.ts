import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, type ParsedInputOf, summarizeTickets } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { TicketRepository } from './ticket.repository.ts';

@Controller()
export class SummarizeTicketsHandler {
  constructor(private readonly tickets: TicketRepository) {}

  @HandleRequest(summarizeTickets)
  async summarize({
    partner_ids,
  }: ParsedInputOf<typeof summarizeTickets>): Promise<OutputOf<typeof summarizeTickets>> {
    const [by_status, partners] = await Promise.all([
      this.tickets.countByStatus(),
      partner_ids.length === 0 ? [] : this.tickets.summaries(partner_ids),
    ]);
    return {
      observed_at: new Date().toISOString(),
      by_status,
      partners: partners.map((one) => ({ ...one, first_ticket_at: one.first_ticket_at.toISOString() })),
    };
  }
}
