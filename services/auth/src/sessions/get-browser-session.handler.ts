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
import { SupportAccessRepository } from '../support-access/support-access.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import { presentBrowserSession } from './browser-session.ts';
import { SessionRepository } from './session.repository.ts';

@Controller()
export class GetBrowserSessionHandler {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly users: UserRepository,
    private readonly partners: PartnerRepository,
    private readonly accesses: SupportAccessRepository,
  ) {}

  @HandleRequest(getBrowserSession)
  async get(
    _input: ParsedInputOf<typeof getBrowserSession>,
    call: CallContext,
  ): Promise<OutputOf<typeof getBrowserSession>> {
    const caller = callerOf(call);
    const [session, user, partner, impersonation] = await Promise.all([
      this.sessions.find(caller.id),
      caller.user_id ? this.users.find(caller.user_id) : null,
      caller.partner_id ? this.partners.find(caller.partner_id) : null,
      caller.impersonator ? this.accesses.ofSession(caller.id) : null,
    ]);
    if (!session || !user) throw new AppError(UNAUTHENTICATED);
    const presented = presentBrowserSession(session, user, partner);
    if (!impersonation) return presented;
    const { access, reason, expires_at } = impersonation;
    return {
      ...presented,
      role: 'owner',
      impersonation: { access, reason, expires_at: expires_at.toISOString() },
    };
  }
}
