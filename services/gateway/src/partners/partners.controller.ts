import { registerPartner } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

@Controller()
export class PartnersController {
  constructor(readonly services: RequestForwarder) {}

  @Route('POST', '/v1/partners', { contract: registerPartner, callers: ['anonymous'], status: 201 })
  register(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }
}
