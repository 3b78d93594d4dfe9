import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  credentialRevoked,
  FORBIDDEN,
  type OutputOf,
  type ParsedInputOf,
  requireCaller,
  revokeSession,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SessionRepository } from './session.repository.ts';

@Controller()
export class RevokeSessionHandler {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
  ) {}

  @HandleRequest(revokeSession)
  async revoke(
    _input: ParsedInputOf<typeof revokeSession>,
    call: CallContext,
  ): Promise<OutputOf<typeof revokeSession>> {
    const caller = requireCaller(call.principal);
    if (caller.kind !== 'session')
      throw new AppError(FORBIDDEN, { detail: 'Only a session can be logged out.' });
    return this.database.transaction(async (tx) => {
      const revoked = await this.sessions.revoke(tx, caller.id, new Date());
      if (!revoked?.session.revokedAt) throw new AppError(UNAUTHENTICATED);
      const { session, ended } = revoked;
      if (ended)
        tx.emit(
          credentialRevoked,
          { kind: 'session', id: session.id, digest: session.digest },
          caller.partner_id ? { partnerId: caller.partner_id } : {},
        );
      return {
        object: 'session' as const,
        id: session.id,
        revoked_at: revoked.session.revokedAt.toISOString(),
      };
    });
  }
}
