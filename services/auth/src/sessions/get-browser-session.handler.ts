import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  getBrowserSession,
  type OutputOf,
  type ParsedInputOf,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { UserRepository } from '../users/user.repository.ts';
import { ActingFor } from './acting.ts';
import { presentBrowserSession } from './browser-session.ts';
import { SessionRepository } from './session.repository.ts';

@Controller()
export class GetBrowserSessionHandler {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly users: UserRepository,
    private readonly acting: ActingFor,
  ) {}

  @HandleRequest(getBrowserSession)
  async get(
    _input: ParsedInputOf<typeof getBrowserSession>,
    call: CallContext,
  ): Promise<OutputOf<typeof getBrowserSession>> {
    const caller = callerOf(call);
    const [session, user] = await Promise.all([
      this.sessions.find(caller.id),
      caller.user_id ? this.users.find(caller.user_id) : null,
    ]);
    if (!session || !user) throw new AppError(UNAUTHENTICATED);
    return presentBrowserSession(session, user, await this.acting.ofSession(session, user));
  }
}
