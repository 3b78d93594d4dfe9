import { decideAuthorization, getAuthorization } from '@gridworks/contracts';
import { Controller, Req } from '@nestjs/common';
import type { PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** The cookies that the OAuth provider gives to the browser that begins an authorization. */
const OWN = /^oauth_interaction(?:\.sig)?=/;

/** What an application asks a person for: known only to the browser that began it, by its cookies. */
@Controller()
export class AuthorizationsController {
  constructor(readonly services: RequestForwarder) {}

  @Serve(getAuthorization)
  read(@Req() request: PublicRequest) {
    return this.services.forward(withCookies(request));
  }

  @Serve(decideAuthorization)
  decide(@Req() request: PublicRequest) {
    return this.services.forward(withCookies(request));
  }
}

/** The session's cookie is left out: it is a credential, and stays in the gateway. */
function withCookies(request: PublicRequest): PublicRequest {
  const pairs = (request.raw.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const cookies = pairs.filter((pair) => OWN.test(pair)).join('; ');
  if (request.call) request.call.input = { ...(request.call.input as object), cookies };
  return request;
}
