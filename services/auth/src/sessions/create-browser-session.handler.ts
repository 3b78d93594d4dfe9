import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  createBrowserSession,
  credentialRevoked,
  NOT_A_BROWSER,
  type OutputOf,
  type ParsedInputOf,
  switchPartner,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { UserRepository } from '../users/user.repository.ts';
import { ActingFor } from './acting.ts';
import { presentBrowserSession } from './browser-session.ts';
import { LogIn } from './log-in.ts';
import { newBrowserSession } from './new-session.ts';
import { OpenSession } from './open-session.ts';
import { SessionRepository } from './session.repository.ts';

@Controller()
export class CreateBrowserSessionHandler {
  constructor(
    private readonly database: Database,
    private readonly logIn: LogIn,
    private readonly sessions: SessionRepository,
    private readonly opened: OpenSession,
    private readonly acting: ActingFor,
    private readonly users: UserRepository,
  ) {}

  /** The gateway makes the secret and sends only its digest. */
  @HandleRequest(createBrowserSession)
  async create(
    input: ParsedInputOf<typeof createBrowserSession>,
  ): Promise<OutputOf<typeof createBrowserSession>> {
    const user = await this.logIn.userOf(input);
    const acting = await this.acting.at(user, input.partner_id, ['password']);
    const session = newBrowserSession(user, acting, input, ['password']);
    await this.opened.open(session, input.client_ip);
    return presentBrowserSession(session, user, acting);
  }

  /** The new session ends when the old one would have, and proves no more: switching prolongs neither. */
  @HandleRequest(switchPartner)
  async switch(
    input: ParsedInputOf<typeof switchPartner>,
    call: CallContext,
  ): Promise<OutputOf<typeof switchPartner>> {
    const caller = callerOf(call);
    const [old, user] = await Promise.all([
      this.sessions.find(caller.id),
      this.users.find(caller.user_id ?? ''),
    ]);
    if (!old || !user) throw new AppError(UNAUTHENTICATED);
    if (old.idle_ms === null) throw new AppError(NOT_A_BROWSER);
    const acting = await this.acting.at(user, input.partner_id, old.methods ?? ['password']);
    const session = {
      ...newBrowserSession(user, acting, input, old.methods ?? ['password']),
      ends_at: old.ends_at,
      authenticated_at: old.authenticated_at ?? old.created_at,
    };
    await this.database.transaction(async (tx) => {
      await this.sessions.insert(tx, session);
      const ended = await this.sessions.revoke(tx, old.id, session.created_at);
      if (ended?.ended)
        tx.emit(
          credentialRevoked,
          { kind: 'session', id: old.id, digest: ended.digest },
          caller.partner_id ? { partnerId: caller.partner_id } : {},
        );
    });
    return presentBrowserSession(session, user, acting);
  }
}
