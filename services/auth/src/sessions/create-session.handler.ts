import { HandleRequest } from '@gridworks/bus';
import { createSession, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ActingFor } from './acting.ts';
import { LogIn } from './log-in.ts';
import { newBearerSession, presentBearerSession } from './new-session.ts';
import { OpenSession } from './open-session.ts';

@Controller()
export class CreateSessionHandler {
  constructor(
    private readonly logIn: LogIn,
    private readonly sessions: OpenSession,
    private readonly acting: ActingFor,
  ) {}

  @HandleRequest(createSession)
  async create(input: ParsedInputOf<typeof createSession>): Promise<OutputOf<typeof createSession>> {
    const user = await this.logIn.userOf(input);
    const acting = await this.acting.at(user, input.partner_id, ['password']);
    const { session, token } = newBearerSession(user, acting, input, ['password']);
    await this.sessions.open(session, input.client_ip);
    return presentBearerSession(session, token, user, acting);
  }
}
