import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { Session } from './session.ts';

@Injectable()
export class SessionRepository {
  /** Also drops the user's expired sessions, so that the table holds what can still be used. */
  async insert(tx: Transaction, session: Session): Promise<void> {
    await tx.manager.query('delete from sessions where user_id = $1 and expires_at < $2', [
      session.user_id,
      session.created_at,
    ]);
    await tx.manager.query(
      'insert into sessions (id, user_id, digest, created_at, expires_at) values ($1, $2, $3, $4, $5)',
      [session.id, session.user_id, session.digest, session.created_at, session.expires_at],
    );
  }

  /** Ends a session once; `ended` is false when it had ended before. Null when there is none. */
  async revoke(
    tx: Transaction,
    id: string,
    at: Date,
  ): Promise<{ digest: string; revokedAt: Date; ended: boolean } | null> {
    const [, ended] = await tx.manager.query<[unknown[], number]>(
      'update sessions set revoked_at = $2 where id = $1 and revoked_at is null',
      [id, at],
    );
    const [row] = await tx.manager.query<{ digest: string; revoked_at: Date }[]>(
      'select digest, revoked_at from sessions where id = $1',
      [id],
    );
    return row ? { digest: row.digest, revokedAt: row.revoked_at, ended: ended === 1 } : null;
  }
}
