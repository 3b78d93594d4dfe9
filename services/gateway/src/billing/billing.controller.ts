import { getUsage, listPlans } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

@Controller()
export class BillingController {
  constructor(readonly services: RequestForwarder) {}

  @Route('GET', '/v1/plans', { contract: listPlans, callers: ['session', 'api_key', 'admin'], status: 200 })
  plans(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/usage', { contract: getUsage, callers: ['session', 'api_key'], status: 200 })
  usage(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }
}
