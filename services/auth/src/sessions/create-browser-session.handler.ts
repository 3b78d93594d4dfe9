import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  createBrowserSession,
  INTERNAL,
  newId,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { coarseNetwork } from '@gridworks/runtime';
import { Controller } from '@nestjs/common';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { KnownNetworkRepository } from '../users/known-network.repository.ts';
import { presentBrowserSession } from './browser-session.ts';
import { LogIn } from './log-in.ts';
import { SessionRepository } from './session.repository.ts';
import { BROWSER_LIFETIMES } from './session.ts';

@Controller()
export class CreateBrowserSessionHandler {
  constructor(
    private readonly database: Database,
    private readonly logIn: LogIn,
    private readonly sessions: SessionRepository,
    private readonly networks: KnownNetworkRepository,
    private readonly partners: PartnerRepository,
  ) {}

  /** The gateway makes the secret and sends only its digest. */
  @HandleRequest(createBrowserSession)
  async create(
    input: ParsedInputOf<typeof createBrowserSession>,
  ): Promise<OutputOf<typeof createBrowserSession>> {
    const { session_digest: digest } = input;
    if (digest === undefined) throw new AppError(INTERNAL, { detail: 'the gateway sent no session_digest' });
    const user = await this.logIn.userOf(input);
    const partner = user.partner_id ? await this.partners.find(user.partner_id) : null;
    const now = new Date();
    const { idleMs, mostMs } = BROWSER_LIFETIMES[user.role === 'admin' ? 'admin' : 'partner'];
    const session = {
      id: newId('session'),
      user_id: user.id,
      digest,
      created_at: now,
      expires_at: new Date(now.getTime() + idleMs),
      ends_at: new Date(now.getTime() + mostMs),
      idle_ms: idleMs,
      last_used_at: now,
      user_agent: input.user_agent ?? null,
      network: input.client_ip === undefined ? null : coarseNetwork(input.client_ip),
    };
    noteAct({ object_id: session.id });
    await this.database.transaction(async (tx) => {
      await this.sessions.insert(tx, session);
      await this.networks.remember(tx, user.id, input.client_ip, now);
    });
    return presentBrowserSession(session, user, partner);
  }
}
