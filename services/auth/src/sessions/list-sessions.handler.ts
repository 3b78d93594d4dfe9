import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  listPage,
  listSessions,
  type OutputOf,
  type ParsedInputOf,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { SessionRepository } from './session.repository.ts';
import { presentSession } from './session.ts';

const MOST = 100;

@Controller()
export class ListSessionsHandler {
  constructor(private readonly sessions: SessionRepository) {}

  @HandleRequest(listSessions)
  async list(
    _input: ParsedInputOf<typeof listSessions>,
    call: CallContext,
  ): Promise<OutputOf<typeof listSessions>> {
    const caller = callerOf(call);
    if (caller.user_id === null) throw new AppError(UNAUTHENTICATED);
    const sessions = await this.sessions.listOf(
      caller.user_id,
      new Date(),
      MOST + 1,
      caller.sso_connection_id,
    );
    return listPage(listSessions, {
      has_more: sessions.length > MOST,
      data: sessions.slice(0, MOST).map((session) => presentSession(session, caller.id)),
    });
  }
}
