import { Bus } from '@gridworks/bus';
import {
  AppError,
  ATTEMPT_ENDED,
  getSamlMetadata,
  idSchema,
  receiveSamlResponse,
  SSO_NOT_FOUND,
} from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';

const METADATA = definePage({
  summary: 'What a SAML identity provider must know of the portal, for one connection of single sign-on',
  http: { method: 'GET', path: '/v1/saml/:id/metadata', status: 200 },
  permission: 'public',
  mediaType: 'application/samlmetadata+xml',
  internal: true,
});
/** Browsers post the response of their provider here (SAML 2.0 bindings, HTTP POST). */
const ACS = definePage({
  summary: 'Takes the response of a SAML identity provider, and sends the browser on to the callback page',
  http: { method: 'POST', path: '/v1/saml/:id/acs', status: 303, bodyLimitBytes: 768 << 10 },
  permission: 'public',
  internal: true,
  takesForms: true,
});
const formSchema = z.object({ SAMLResponse: z.string().max(512 << 10), RelayState: z.string().max(100) });

/**
 * SAML's two addresses. The form comes from a page of the provider, so that the browser sends no cookie with it: auth only keeps who
 * it is, and the callback page, which has the cookie, completes the log-in. Forging the form of another person gains nothing.
 */
@Controller()
export class SamlController {
  constructor(readonly bus: Bus) {}

  @Serve(METADATA)
  async metadata(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const { xml } = await this.bus.request(getSamlMetadata, { connection_id: connectionOf(request) });
    reply.header('content-type', 'application/samlmetadata+xml; charset=utf-8');
    return xml;
  }

  @Serve(ACS)
  async receive(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const body = request.call?.rawBody?.toString('utf8') ?? '';
    const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(body)));
    if (!form.success)
      throw new AppError(ATTEMPT_ENDED, { detail: 'The form lacks SAMLResponse or RelayState.' });
    const { SAMLResponse: response, RelayState: relay_state } = form.data;
    const connection_id = connectionOf(request);
    const received = await this.bus.request(receiveSamlResponse, { connection_id, response, relay_state });
    reply.header('location', received.callback_url);
    return '';
  }
}

/** Throws `AUTH.SSO_NOT_FOUND` for what is no id. */
function connectionOf(request: PublicRequest): string {
  const id = idSchema('ssoConnection').safeParse((request.params as { id?: unknown }).id);
  if (!id.success) throw new AppError(SSO_NOT_FOUND);
  return id.data;
}
