import { HandleRequest } from '@gridworks/bus';
import {
  createSession,
  credentialDigest,
  newId,
  newSessionToken,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { coarseNetwork } from '@gridworks/runtime';
import { Controller } from '@nestjs/common';
import { KnownNetworkRepository } from '../users/known-network.repository.ts';
import { presentUser } from '../users/user.ts';
import { ActingFor, presentActing } from './acting.ts';
import { LogIn } from './log-in.ts';
import { SessionRepository } from './session.repository.ts';
import { SESSION_LIFETIME_MS } from './session.ts';

@Controller()
export class CreateSessionHandler {
  constructor(
    private readonly database: Database,
    private readonly logIn: LogIn,
    private readonly sessions: SessionRepository,
    private readonly networks: KnownNetworkRepository,
    private readonly acting: ActingFor,
  ) {}

  @HandleRequest(createSession)
  async create(input: ParsedInputOf<typeof createSession>): Promise<OutputOf<typeof createSession>> {
    const user = await this.logIn.userOf(input);
    const acting = await this.acting.at(user, input.partner_id);
    const token = newSessionToken();
    const now = new Date();
    const session = {
      id: newId('session'),
      user_id: user.id,
      partner_id: acting.partner?.id ?? null,
      digest: credentialDigest(token),
      created_at: now,
      expires_at: new Date(now.getTime() + SESSION_LIFETIME_MS),
      ends_at: null,
      idle_ms: null,
      last_used_at: now,
      user_agent: null,
      network: input.client_ip === undefined ? null : coarseNetwork(input.client_ip),
    };
    noteAct({ object_id: session.id, partner_id: session.partner_id });
    await this.database.transaction(async (tx) => {
      await this.sessions.insert(tx, session);
      await this.networks.remember(tx, user.id, input.client_ip, now);
    });
    return {
      object: 'session',
      id: session.id,
      token,
      expires_at: session.expires_at.toISOString(),
      ...presentActing(acting),
      user: presentUser(user),
    };
  }
}
