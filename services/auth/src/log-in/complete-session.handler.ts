import { HandleRequest } from '@gridworks/bus';
import {
  completeBrowserSession,
  completeSession,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ActingFor } from '../sessions/acting.ts';
import { presentBrowserSession } from '../sessions/browser-session.ts';
import { newBearerSession, newBrowserSession, presentBearerSession } from '../sessions/new-session.ts';
import { OpenSession } from '../sessions/open-session.ts';
import { CompleteLogIn } from './complete-log-in.ts';

/** The second request of a log-in. */
@Controller()
export class CompleteSessionHandler {
  constructor(
    private readonly logIn: CompleteLogIn,
    private readonly sessions: OpenSession,
    private readonly acting: ActingFor,
  ) {}

  @HandleRequest(completeSession)
  async complete(input: ParsedInputOf<typeof completeSession>): Promise<OutputOf<typeof completeSession>> {
    const logIn = await this.logIn.of(input);
    const acting = await this.acting.at(logIn.user, input.partner_id, logIn.methods);
    const { session, token } = newBearerSession(logIn.user, acting, input, logIn.methods);
    await this.sessions.open(session, input.client_ip, logIn.use);
    await logIn.succeeded();
    return presentBearerSession(session, token, logIn.user, acting);
  }

  @HandleRequest(completeBrowserSession)
  async completeInBrowser(
    input: ParsedInputOf<typeof completeBrowserSession>,
  ): Promise<OutputOf<typeof completeBrowserSession>> {
    const logIn = await this.logIn.of(input);
    const acting = await this.acting.at(logIn.user, input.partner_id, logIn.methods);
    const session = newBrowserSession(logIn.user, acting, input, logIn.methods);
    await this.sessions.open(session, input.client_ip, logIn.use);
    await logIn.succeeded();
    return presentBrowserSession(session, logIn.user, acting);
  }
}
