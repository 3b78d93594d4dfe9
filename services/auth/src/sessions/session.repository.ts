import { IsNull, LessThan, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SessionEntity } from './session.entity.ts';
import type { Session } from './session.ts';

@Injectable()
export class SessionRepository {
  /** Also drops the user's expired sessions, so that the table holds what can still be used. */
  async insert(tx: Transaction, session: Session): Promise<void> {
    const { user_id, created_at } = session;
    await tx.manager.delete(SessionEntity, { user_id, expires_at: LessThan(created_at) });
    await tx.manager.insert(SessionEntity, session);
  }

  /** Ends a session once; `ended` is false when it had ended before. Null when there is none. */
  async revoke(
    tx: Transaction,
    id: string,
    at: Date,
  ): Promise<{ digest: string; revokedAt: Date; ended: boolean } | null> {
    const { affected } = await tx.manager.update(
      SessionEntity,
      { id, revoked_at: IsNull() },
      { revoked_at: at },
    );
    const session = await tx.manager.findOneBy(SessionEntity, { id });
    if (!session) return null;
    return { digest: session.digest, revokedAt: session.revoked_at as Date, ended: affected === 1 };
  }
}
