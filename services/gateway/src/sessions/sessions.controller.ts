import { endAllSessions, endSession, type ParsedInputOf, revokeSession } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** This gateway refuses an ended session from the response on, without waiting for the event. */
@Controller()
export class SessionsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialInvalidator,
  ) {}

  @Serve(revokeSession)
  logOut(@Req() request: PublicRequest) {
    return this.credentials.forgetCaller(request.call?.caller, this.services.forward(request));
  }

  @Serve(endSession)
  end(@Req() request: PublicRequest) {
    const { id } = request.params as { id: string };
    return this.credentials.forgetId(id, this.services.forward(request));
  }

  @Serve(endAllSessions)
  endAll(@Req() request: PublicRequest) {
    const ended = this.services.forward(request);
    const { call } = request;
    if (!call?.caller?.principal.user_id) return ended;
    const { principal } = call.caller;
    const { keep } = call.input as ParsedInputOf<typeof endAllSessions>;
    return this.credentials.forgetSessionsOf(
      call.caller.principal.user_id,
      keep === 'current' ? principal.id : null,
      ended,
    );
  }
}
