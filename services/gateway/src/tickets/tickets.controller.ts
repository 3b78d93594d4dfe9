import { getTicket, listTickets, openTicket, transitionTicket } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

@Controller()
export class TicketsController {
  constructor(readonly services: RequestForwarder) {}

  @Route('POST', '/v1/tickets', {
    contract: openTicket,
    callers: ['session', 'api_key'],
    status: 201,
    filled: { idempotency_key: 'idempotency-key' },
  })
  open(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/tickets', { contract: listTickets, callers: ['session', 'api_key'], status: 200 })
  list(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/tickets/:id', { contract: getTicket, callers: ['session', 'api_key'], status: 200 })
  get(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('PATCH', '/v1/tickets/:id', {
    contract: transitionTicket,
    callers: ['session', 'api_key'],
    status: 200,
  })
  transition(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }
}
