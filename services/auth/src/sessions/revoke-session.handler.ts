import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  credentialRevoked,
  type OutputOf,
  type ParsedInputOf,
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
    const caller = callerOf(call);
    return this.database.transaction(async (tx) => {
      const session = await this.sessions.revoke(tx, caller.id, new Date());
      if (!session) throw new AppError(UNAUTHENTICATED);
      if (session.ended)
        tx.emit(
          credentialRevoked,
          { kind: 'session', id: caller.id, digest: session.digest },
          caller.partner_id ? { partnerId: caller.partner_id } : {},
        );
      return { object: 'session' as const, id: caller.id, revoked_at: session.revokedAt.toISOString() };
    });
  }
}
