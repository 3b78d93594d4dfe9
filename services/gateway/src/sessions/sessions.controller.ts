import { createSession, getIdentity, revokeSession } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

@Controller()
export class SessionsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialDesk,
  ) {}

  @Route('POST', '/v1/sessions', {
    contract: createSession,
    callers: ['anonymous'],
    status: 201,
    filled: { client_ip: 'client-ip' },
  })
  logIn(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('DELETE', '/v1/sessions/current', {
    contract: revokeSession,
    callers: ['session', 'admin'],
    status: 200,
  })
  logOut(@Req() request: PublicRequest) {
    return this.credentials.forgetCaller(request, this.services.forward(request));
  }

  @Route('GET', '/v1/me', { contract: getIdentity, callers: ['session', 'api_key', 'admin'], status: 200 })
  whoAmI(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }
}
