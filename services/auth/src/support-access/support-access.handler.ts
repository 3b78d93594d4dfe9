import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  credentialRevoked,
  grantSupportAccess,
  listPage,
  listSupportAccess,
  newId,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  revokeSupportAccess,
  SUPPORT_ACCESS_NOT_FOUND,
  type SupportAccess,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { acrossTenants, Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SessionRepository } from '../sessions/session.repository.ts';
import { presentSupportAccess, SupportAccessRepository } from './support-access.repository.ts';

const HOUR_MS = 3_600_000;

/** What a partner grants to the people of GridWorks, and takes back. */
@Controller()
export class SupportAccessHandler {
  constructor(
    private readonly database: Database,
    private readonly accesses: SupportAccessRepository,
    private readonly sessions: SessionRepository,
  ) {}

  @HandleRequest(grantSupportAccess)
  grant(
    { access, hours }: ParsedInputOf<typeof grantSupportAccess>,
    call: CallContext,
  ): Promise<SupportAccess> {
    const now = new Date();
    const row = {
      id: newId('supportAccess', now.getTime()),
      partner_id: partnerOf(call),
      access,
      granted_by: actorOf(call),
      granted_at: now,
      expires_at: new Date(now.getTime() + hours * HOUR_MS),
      revoked_at: null,
    };
    return this.database.transaction(async (tx) => {
      await this.accesses.insert(tx, row);
      return presentSupportAccess(row, [], now);
    });
  }

  @HandleRequest(listSupportAccess)
  async list(
    _input: ParsedInputOf<typeof listSupportAccess>,
    call: CallContext,
  ): Promise<OutputOf<typeof listSupportAccess>> {
    const now = new Date();
    const found = await this.accesses.listOf(partnerOf(call));
    const data = found.map(({ row, uses }) => presentSupportAccess(row, uses, now));
    return listPage(listSupportAccess, { has_more: false, data });
  }

  /** The sessions that use it end in the same transaction, and at every gateway within a second. */
  @HandleRequest(revokeSupportAccess)
  revoke({ id }: ParsedInputOf<typeof revokeSupportAccess>, call: CallContext): Promise<SupportAccess> {
    const partnerId = partnerOf(call);
    // The sessions belong to people of GridWorks, not to the partner.
    return acrossTenants(() => this.#revoke(partnerId, id, new Date()));
  }

  #revoke(partnerId: string, id: string, now: Date): Promise<SupportAccess> {
    return this.database.transaction(async (tx) => {
      const revoked = await this.accesses.revoke(tx, partnerId, id, now);
      // A foreign and a missing access give the same response, to the byte.
      if (!revoked) throw new AppError(SUPPORT_ACCESS_NOT_FOUND);
      if (!revoked.ended) noteAct({ isRepeat: true });
      for (const sessionId of await this.accesses.end(tx, { support_access_id: id }, now)) {
        const session = await this.sessions.revoke(tx, sessionId, now);
        if (!session?.ended) continue;
        const credential = { kind: 'session' as const, id: sessionId, digest: session.digest };
        tx.emit(credentialRevoked, credential, { partnerId });
      }
      return presentSupportAccess(revoked.row, [], now);
    });
  }
}
