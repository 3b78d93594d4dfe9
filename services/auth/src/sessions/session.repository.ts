import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SessionEntity } from './session.entity.ts';

@Injectable()
export class SessionRepository {
  /** Also drops the user's expired sessions, so that the table holds what can still be used. */
  async insert(tx: Transaction, session: SessionEntity): Promise<void> {
    await tx.manager.query('delete from sessions where user_id = $1 and expires_at < $2', [
      session.userId,
      session.createdAt,
    ]);
    await tx.manager.insert(SessionEntity, session);
  }

  /** Ends a session once; `ended` is false when it had ended before. Null when there is none. */
  async revoke(
    tx: Transaction,
    id: string,
    at: Date,
  ): Promise<{ session: SessionEntity; ended: boolean } | null> {
    const result = await tx.manager
      .createQueryBuilder()
      .update(SessionEntity)
      .set({ revokedAt: at })
      .where('id = :id and revoked_at is null', { id })
      .execute();
    const session = await tx.manager.findOneBy(SessionEntity, { id });
    return session && { session, ended: result.affected === 1 };
  }
}
