import {
  beginExternalIdentity,
  beginExternalProof,
  beginSso,
  beginSsoTest,
  completeExternalProof,
  completeLogInAttempt,
  completeSsoTest,
  createLogInAttempt,
  credentialDigest,
  linkExternalIdentity,
  newLinkToken,
  newSessionToken,
  type OutputOf,
  registerByLogInAttempt,
} from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { checkOrigin, ownOrigin } from '../credentials/check-origin.ts';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import { attemptCookie, readAttemptCookie, sessionCookie } from '../credentials/session-cookie.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/**
 * Log-ins at providers. A cookie ties each attempt to the browser in which it began: otherwise somebody could begin a log-in
 * and make another browser complete it. Services get only the digest of its secret.
 */
@Controller()
export class LogInAttemptsController {
  constructor(
    readonly services: RequestForwarder,
    readonly credentials: CredentialInvalidator,
  ) {}

  @Serve(createLogInAttempt)
  begin(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#leave(request, reply);
  }

  @Serve(beginExternalIdentity)
  beginLink(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#leave(request, reply);
  }

  @Serve(beginExternalProof)
  beginProof(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#leave(request, reply);
  }

  @Serve(beginSso)
  beginSso(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#leave(request, reply);
  }

  @Serve(beginSsoTest)
  beginSsoTest(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#leave(request, reply);
  }

  @Serve(completeSsoTest)
  completeSsoTest(@Req() request: PublicRequest) {
    nameBrowser(request);
    return this.services.forward(request);
  }

  @Serve(completeLogInAttempt)
  complete(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#enter(request, reply);
  }

  @Serve(registerByLogInAttempt)
  register(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#enter(request, reply);
  }

  @Serve(linkExternalIdentity)
  link(@Req() request: PublicRequest) {
    nameBrowser(request);
    return this.services.forward(request);
  }

  /** The proof counts from the response on, without waiting for the event. */
  @Serve(completeExternalProof)
  prove(@Req() request: PublicRequest) {
    nameBrowser(request);
    return this.credentials.renewCaller(request.call?.caller, this.services.forward(request));
  }

  /** A browser that is on its way already keeps its secret, so that two tabs do not disturb each other. */
  async #leave(request: PublicRequest, reply: PublicReply): Promise<string> {
    checkOrigin(request.raw);
    const token = readAttemptCookie(request.raw) ?? newLinkToken();
    fill(request, { browser_digest: credentialDigest(token), origin: ownOrigin(request.raw) });
    const json = await this.services.forward(request);
    reply.header('set-cookie', attemptCookie(request.raw, token));
    return json;
  }

  async #enter(request: PublicRequest, reply: PublicReply): Promise<string> {
    checkOrigin(request.raw);
    nameBrowser(request);
    const token = newSessionToken();
    fill(request, { session_digest: credentialDigest(token) });
    const json = await this.services.forward(request);
    const { session } = JSON.parse(json) as OutputOf<typeof completeLogInAttempt>;
    if (session) reply.header('set-cookie', sessionCookie(request.raw, token, new Date(session.ends_at)));
    return json;
  }
}

function nameBrowser(request: PublicRequest): void {
  const token = readAttemptCookie(request.raw);
  if (token !== null) fill(request, { browser_digest: credentialDigest(token) });
}

function fill({ call }: PublicRequest, members: Readonly<Record<string, string | undefined>>): void {
  if (call) call.input = { ...(call.input as object), ...members };
}
