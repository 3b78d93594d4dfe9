import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  createBrowserSession,
  credentialRevoked,
  INTERNAL,
  NOT_A_BROWSER,
  newId,
  type OutputOf,
  type ParsedInputOf,
  switchPartner,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { coarseNetwork } from '@gridworks/runtime';
import { Controller } from '@nestjs/common';
import { KnownNetworkRepository } from '../users/known-network.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';
import { type Acting, ActingFor } from './acting.ts';
import { presentBrowserSession } from './browser-session.ts';
import { LogIn } from './log-in.ts';
import { SessionRepository } from './session.repository.ts';
import { BROWSER_LIFETIMES, type Session } from './session.ts';

@Controller()
export class CreateBrowserSessionHandler {
  constructor(
    private readonly database: Database,
    private readonly logIn: LogIn,
    private readonly sessions: SessionRepository,
    private readonly networks: KnownNetworkRepository,
    private readonly acting: ActingFor,
    private readonly users: UserRepository,
  ) {}

  /** The gateway makes the secret and sends only its digest. */
  @HandleRequest(createBrowserSession)
  async create(
    input: ParsedInputOf<typeof createBrowserSession>,
  ): Promise<OutputOf<typeof createBrowserSession>> {
    const user = await this.logIn.userOf(input);
    const acting = await this.acting.at(user, input.partner_id);
    const session = newSession(user, acting, input);
    noteAct({ object_id: session.id, partner_id: session.partner_id });
    await this.database.transaction(async (tx) => {
      await this.sessions.insert(tx, session);
      await this.networks.remember(tx, user.id, input.client_ip, session.created_at);
    });
    return presentBrowserSession(session, user, acting);
  }

  /** The new session ends when the old one would have: switching does not prolong it. */
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
    const acting = await this.acting.at(user, input.partner_id);
    const session = { ...newSession(user, acting, input), ends_at: old.ends_at };
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

interface Origin {
  readonly session_digest?: string | undefined;
  readonly user_agent?: string | undefined;
  readonly client_ip?: string | undefined;
}

function newSession(
  user: User,
  acting: Acting,
  { session_digest: digest, user_agent, client_ip }: Origin,
): Session {
  if (digest === undefined) throw new AppError(INTERNAL, { detail: 'the gateway sent no session_digest' });
  const now = new Date();
  const { idleMs, mostMs } = BROWSER_LIFETIMES[user.platform_role ? 'platform' : 'partner'];
  return {
    id: newId('session'),
    user_id: user.id,
    partner_id: acting.partner?.id ?? null,
    digest,
    created_at: now,
    expires_at: new Date(now.getTime() + idleMs),
    ends_at: new Date(now.getTime() + mostMs),
    idle_ms: idleMs,
    last_used_at: now,
    user_agent: user_agent ?? null,
    network: client_ip === undefined ? null : coarseNetwork(client_ip),
  };
}
