import { createApiKey, listApiKeys, revokeApiKey } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

@Controller()
export class ApiKeysController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialDesk,
  ) {}

  @Route('POST', '/v1/api-keys', { contract: createApiKey, callers: ['session'], status: 201 })
  create(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/api-keys', { contract: listApiKeys, callers: ['session'], status: 200 })
  list(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('DELETE', '/v1/api-keys/:id', { contract: revokeApiKey, callers: ['session'], status: 200 })
  revoke(@Req() request: PublicRequest) {
    return this.credentials.forgetId(request, this.services.forward(request));
  }
}
