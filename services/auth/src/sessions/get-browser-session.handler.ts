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
import { PartnerRepository } from '../partners/partner.repository.ts';
import { presentPartner } from '../partners/partner.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
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
    private readonly partners: PartnerRepository,
    private readonly sso: SsoConnectionRepository,
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
    const acting = await this.acting.ofSession(session, user);
    const connection = session.sso_connection_id ? await this.sso.findById(session.sso_connection_id) : null;
    const presented = {
      ...presentBrowserSession(session, user, acting),
      ...(connection && { sso: { connection_id: connection.id, name: connection.name } }),
    };
    const impersonation = caller.impersonator ? await this.sessions.impersonation(session.id) : null;
    const partner = impersonation && (await this.partners.find(impersonation.partner_id));
    if (!impersonation || !partner) return presented;
    const { access, reason, expires_at } = impersonation;
    return {
      ...presented,
      ...{ role: 'owner', permissions: null, partner: presentPartner(partner) },
      impersonation: { access, reason, expires_at: expires_at.toISOString() },
    };
  }
}
