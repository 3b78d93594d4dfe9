import { revokeApiKey, rotateApiKey, updateApiKey } from '@gridworks/contracts';
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

  /** This gateway refuses the key from the response on, without waiting for the event. */
  @Serve(revokeApiKey)
  revoke(@Req() request: PublicRequest) {
    const { id } = request.params as { id: string };
    return this.credentials.forgetId(id, this.services.forward(request));
  }

  /** This gateway checks the key by its new rules from the response on, without waiting for the event. */
  @Serve(updateApiKey)
  update(@Req() request: PublicRequest) {
    const { id } = request.params as { id: string };
    return this.credentials.forgetId(id, this.services.forward(request));
  }

  /**
   * Drops what this gateway remembers of the old key: from the response on the key is refused, or its end is
   * known.
   */
  @Serve(rotateApiKey)
  rotate(@Req() request: PublicRequest) {
    const { id } = request.params as { id: string };
    return this.credentials.forgetId(id, this.services.forward(request));
  }
}
