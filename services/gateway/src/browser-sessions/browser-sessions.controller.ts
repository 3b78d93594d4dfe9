import {
  completeBrowserSession,
  createBrowserSession,
  credentialDigest,
  endBrowserSession,
  newSessionToken,
  type OutputOf,
  recoverBrowserSession,
  switchPartner,
} from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { checkOrigin } from '../credentials/check-origin.ts';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import { endedCookie, sessionCookie } from '../credentials/session-cookie.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** Sessions of browsers. The secret is sent in a cookie and nowhere else. */
@Controller()
export class BrowserSessionsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialInvalidator,
  ) {}

  /**
   * Only for pages of this origin. Otherwise another site could log its visitors in as a user of its choice.
   */
  @Serve(createBrowserSession)
  logIn(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#begin(request, reply, () => this.services.forward(request));
  }

  /** The second request of a log-in, or a passkey alone. */
  @Serve(completeBrowserSession)
  complete(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#begin(request, reply, () => this.services.forward(request));
  }

  @Serve(recoverBrowserSession)
  recover(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#begin(request, reply, () => this.services.forward(request));
  }

  /** The cookie gets the secret of the new session; this gateway refuses the old one from the response on. */
  @Serve(switchPartner)
  switchPartner(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#begin(request, reply, () =>
      this.credentials.forgetCaller(request.call?.caller, this.services.forward(request)),
    );
  }

  /**
   * This gateway refuses the session from the response on. The response also clears what the browser keeps of
   * the session.
   */
  @Serve(endBrowserSession)
  async logOut(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    const json = await this.credentials.forgetCaller(request.call?.caller, this.services.forward(request));
    reply.header('set-cookie', endedCookie(request.raw)).header('clear-site-data', '"cache", "storage"');
    return json;
  }

  async #begin(request: PublicRequest, reply: PublicReply, forward: () => Promise<string>): Promise<string> {
    checkOrigin(request.raw);
    const token = newSessionToken();
    if (request.call)
      request.call.input = { ...(request.call.input as object), session_digest: credentialDigest(token) };
    const json = await forward();
    const { ends_at: endsAt } = JSON.parse(json) as OutputOf<typeof createBrowserSession>;
    reply.header('set-cookie', sessionCookie(request.raw, token, new Date(endsAt)));
    return json;
  }
}
