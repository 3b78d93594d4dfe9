import { revokeSession } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

@Controller()
export class SessionsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialDesk,
  ) {}

  /** The session is refused by this gateway from the answer on, and need not wait for the event. */
  @Serve(revokeSession)
  logOut(@Req() request: PublicRequest) {
    return this.credentials.forgetCaller(request.call?.caller, this.services.forward(request));
  }
}
