import { completeStepUp, confirmTotp, registerPasskey } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** Proofs of the person of a session. They count from the response on, without waiting for the event. */
@Controller()
export class ProofsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialInvalidator,
  ) {}

  @Serve(completeStepUp)
  stepUp(@Req() request: PublicRequest) {
    return this.#renew(request);
  }

  @Serve(confirmTotp)
  confirmTotp(@Req() request: PublicRequest) {
    return this.#renew(request);
  }

  @Serve(registerPasskey)
  registerPasskey(@Req() request: PublicRequest) {
    return this.#renew(request);
  }

  #renew(request: PublicRequest): Promise<string> {
    return this.credentials.renewCaller(request.call?.caller, this.services.forward(request));
  }
}
