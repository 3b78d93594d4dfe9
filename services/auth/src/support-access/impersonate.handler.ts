import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  callerOf,
  credentialRevoked,
  endImpersonation,
  INTERNAL,
  NO_SUPPORT_ACCESS,
  newId,
  type OutputOf,
  PARTNER_NOT_FOUND,
  type ParsedInputOf,
  type Principal,
  SESSION_NOT_FOUND,
  startImpersonation,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { acrossTenants, Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { presentPartner } from '../partners/partner.ts';
import { SessionRepository } from '../sessions/session.repository.ts';
import { SupportAccessRepository } from './support-access.repository.ts';

/** The longest impersonation, in milliseconds. Use does not prolong it. */
const LIFETIME_MS = 3_600_000;

/** Sessions of people of GridWorks in the name of partners. */
@Controller()
export class ImpersonateHandler {
  constructor(
    private readonly database: Database,
    private readonly partners: PartnerRepository,
    private readonly accesses: SupportAccessRepository,
    private readonly sessions: SessionRepository,
  ) {}

  /** The gateway makes the secret and sends only its digest. */
  @HandleRequest(startImpersonation)
  async start(
    { partner_id, reason, session_digest: digest }: ParsedInputOf<typeof startImpersonation>,
    call: CallContext,
  ): Promise<OutputOf<typeof startImpersonation>> {
    if (digest === undefined) throw new AppError(INTERNAL, { detail: 'the gateway sent no session_digest' });
    const partner = await this.partners.find(partner_id);
    if (!partner) throw new AppError(PARTNER_NOT_FOUND);
    const impersonator = actorOf(call);
    // It proves no more than the session that starts it.
    const own = await this.sessions.find(callerOf(call).id);
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const granted = await this.accesses.active(tx, partner_id, now);
      if (!granted) throw new AppError(NO_SUPPORT_ACCESS);
      const expiresAt = new Date(Math.min(granted.expires_at.getTime(), now.getTime() + LIFETIME_MS));
      const id = newId('session');
      await this.sessions.insert(tx, {
        ...{ id, user_id: impersonator, digest, created_at: now, expires_at: expiresAt },
        ...{
          partner_id: null,
          ends_at: null,
          idle_ms: null,
          last_used_at: now,
          user_agent: null,
          network: null,
          authenticated_at: own?.authenticated_at ?? null,
          methods: own?.methods ?? null,
          sso_connection_id: null,
        },
      });
      await this.accesses.start(tx, {
        ...{ session_id: id, support_access_id: granted.id, impersonator, reason },
        ...{ started_at: now, expires_at: expiresAt, ended_at: null },
      });
      noteAct({ partner_id, after: { access: granted.access, support_access_id: granted.id } });
      return {
        object: 'impersonation' as const,
        id,
        partner: presentPartner(partner),
        access: granted.access,
        reason,
        expires_at: expiresAt.toISOString(),
        token: null,
      };
    });
  }

  @HandleRequest(endImpersonation)
  async end(
    _input: ParsedInputOf<typeof endImpersonation>,
    call: CallContext,
  ): Promise<OutputOf<typeof endImpersonation>> {
    const caller = callerOf(call);
    if (caller.impersonator === undefined) throw new AppError(SESSION_NOT_FOUND);
    // The session belongs to a person of GridWorks, not to the partner.
    return acrossTenants(() => this.#end(caller, new Date()));
  }

  #end({ id, partner_id }: Principal, now: Date): Promise<OutputOf<typeof endImpersonation>> {
    return this.database.transaction(async (tx) => {
      await this.accesses.end(tx, { session_id: id }, now);
      const session = await this.sessions.revoke(tx, id, now);
      if (!session) throw new AppError(SESSION_NOT_FOUND);
      if (session.ended)
        tx.emit(
          credentialRevoked,
          { kind: 'session', id, digest: session.digest },
          partner_id ? { partnerId: partner_id } : {},
        );
      else noteAct({ isRepeat: true });
      return { object: 'impersonation' as const, id, ended_at: session.revokedAt.toISOString() };
    });
  }
}
