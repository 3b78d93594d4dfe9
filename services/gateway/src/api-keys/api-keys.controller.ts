import { revokeApiKey, rotateApiKey } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

@Controller()
export class ApiKeysController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialInvalidator,
  ) {}

  /** The key is refused by this gateway from the answer on, and need not wait for the event. */
  @Serve(revokeApiKey)
  revoke(@Req() request: PublicRequest) {
    const { id } = request.params as { id: string };
    return this.credentials.forgetId(id, this.services.forward(request));
  }

  /** What this gateway remembers of the old key is forgotten: it is refused, or its end is known, from the response on. */
  @Serve(rotateApiKey)
  rotate(@Req() request: PublicRequest) {
    const { id } = request.params as { id: string };
    return this.credentials.forgetId(id, this.services.forward(request));
  }
}
