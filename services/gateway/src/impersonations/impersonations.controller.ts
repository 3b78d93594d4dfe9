import {
  credentialDigest,
  endImpersonation,
  newSessionToken,
  type OutputOf,
  startImpersonation,
} from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import {
  endedCookie,
  ownSessionCookie,
  readOwnSessionCookie,
  readSessionCookie,
  sessionCookie,
} from '../credentials/session-cookie.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

type Started = OutputOf<typeof startImpersonation>;

/** The own session of an admin is kept for this long at most while another takes its place. */
const OWN_MS = 12 * 3_600_000;

/**
 * Sessions in the name of a partner. In a browser such a session takes the place of the own one, which another cookie
 * keeps meanwhile; a program gets its token.
 */
@Controller()
export class ImpersonationsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialInvalidator,
  ) {}

  @Serve(startImpersonation)
  async start(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const { call } = request;
    const token = newSessionToken();
    if (call) call.input = { ...(call.input as object), session_digest: credentialDigest(token) };
    const json = await this.services.forward(request);
    const started = JSON.parse(json) as Started;
    const own = call?.byCookie ? readSessionCookie(request.raw) : null;
    if (own === null) return JSON.stringify({ ...started, token } satisfies Started);
    reply.header('set-cookie', [
      sessionCookie(request.raw, token, new Date(started.expires_at)),
      ownSessionCookie(request.raw, own, new Date(Date.now() + OWN_MS)),
    ]);
    return json;
  }

  /** The browser has its own session back. */
  @Serve(endImpersonation)
  async end(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const json = await this.credentials.forgetCaller(request.call?.caller, this.services.forward(request));
    if (!request.call?.byCookie) return json;
    const own = readOwnSessionCookie(request.raw);
    reply.header('set-cookie', [
      own ? sessionCookie(request.raw, own, new Date(Date.now() + OWN_MS)) : endedCookie(request.raw),
      ownSessionCookie(request.raw, '', new Date(0)),
    ]);
    return json;
  }
}
