import {
  decideVerdict,
  listBreakers,
  listPatterns,
  listVerdicts,
  removePattern,
  setBreaker,
} from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

/** What the system has learned about its errors, what the model suggests, and the circuit breakers. */
@Controller()
export class HealingController {
  constructor(readonly services: RequestForwarder) {}

  @Route('GET', '/v1/admin/patterns', { contract: listPatterns, callers: ['admin'], status: 200 })
  patterns(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('DELETE', '/v1/admin/patterns/:id', { contract: removePattern, callers: ['admin'], status: 200 })
  forget(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/admin/verdicts', { contract: listVerdicts, callers: ['admin'], status: 200 })
  verdicts(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('POST', '/v1/admin/verdicts/:id/decision', {
    contract: decideVerdict,
    callers: ['admin'],
    status: 200,
  })
  decide(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/admin/breakers', { contract: listBreakers, callers: ['admin'], status: 200 })
  breakers(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('PUT', '/v1/admin/instances/:instance/breakers/:breaker', {
    contract: setBreaker,
    callers: ['admin'],
    status: 200,
  })
  hold(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }
}
