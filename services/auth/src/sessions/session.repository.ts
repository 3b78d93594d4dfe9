import { Database, IsNull, LessThan, MoreThan, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SessionEntity } from './session.entity.ts';
import { type ProofMethod, type Session, USE_RESOLUTION_MS } from './session.ts';

/** What a session in the name of a partner is for. */
export interface Impersonation {
  readonly partner_id: string;
  readonly access: 'read' | 'write';
  readonly reason: string;
  readonly expires_at: Date;
}

/** The connection of the calling session of single sign-on, which sees and ends its own kind only. */
type SsoOnly = string | undefined;
const within = (sso: SsoOnly) => (sso === undefined ? {} : { sso_connection_id: sso });

@Injectable()
export class SessionRepository {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<Session | null> {
    return this.database.read((manager) => manager.findOneBy(SessionEntity, { id }));
  }

  /** The sessions of a user that are not over, newest first, at most `most`. */
  listOf(userId: string, now: Date, most: number, sso: SsoOnly): Promise<Session[]> {
    return this.database.read((manager) =>
      manager.find(SessionEntity, {
        where: { user_id: userId, ...within(sso), revoked_at: IsNull(), expires_at: MoreThan(now) },
        order: { created_at: 'DESC', id: 'DESC' },
        take: most,
      }),
    );
  }

  /** Also deletes the user's expired sessions, so that the table holds only usable ones. The next session acts for the same partner. */
  async insert(tx: Transaction, session: Session): Promise<void> {
    const { user_id, created_at } = session;
    await tx.manager.delete(SessionEntity, { user_id, expires_at: LessThan(created_at) });
    const { methods, ...columns } = session;
    await tx.manager.insert(SessionEntity, { ...columns, methods: methods && [...methods] });
    await tx.manager.query(
      'update users set last_partner_id = $2 where id = $1 and last_partner_id is distinct from $2',
      [user_id, session.partner_id],
    );
  }

  /** What a session in the name of a partner is for; null for every other session. */
  async impersonation(sessionId: string): Promise<Impersonation | null> {
    const [row] = await this.database.read((manager) =>
      manager.query<Impersonation[]>(
        `select a.partner_id, a.access, i.reason, i.expires_at
         from impersonations i join support_accesses a on a.id = i.support_access_id
         where i.session_id = $1`,
        [sessionId],
      ),
    );
    return row ?? null;
  }

  /** Like `revoke`, for a session of this user only. */
  async revokeOf(
    tx: Transaction,
    userId: string,
    id: string,
    at: Date,
    sso: SsoOnly,
  ): Promise<{ digest: string; revokedAt: Date; ended: boolean } | null> {
    const isOwn = await tx.manager.existsBy(SessionEntity, { id, user_id: userId, ...within(sso) });
    return isOwn ? this.revoke(tx, id, at) : null;
  }

  /** Ends all sessions of a user, except the spared one. Returns the sessions that it ended. */
  async revokeAllOf(
    tx: Transaction,
    userId: string,
    spared: string | null,
    at: Date,
    sso: SsoOnly,
  ): Promise<{ id: string; digest: string }[]> {
    const [ended] = await tx.manager.query<[{ id: string; digest: string }[], number]>(
      `update sessions set revoked_at = $3
       where user_id = $1 and id is distinct from $2 and revoked_at is null and expires_at > $3
         and ($4::text is null or sso_connection_id = $4)
       returning id, digest`,
      [userId, spared, at, sso ?? null],
    );
    return ended;
  }

  /**
   * Records a use of a session, and moves the end of a browser's session ahead. Returns the new end. Returns
   * null when nothing was recorded: the session is over, or another use was recorded within the last minute.
   */
  async use(tx: Transaction, digest: string, now: Date): Promise<Date | null> {
    const [[used]] = await tx.manager.query<[{ expires_at: Date }[], number]>(
      `update sessions set last_used_at = $2,
         expires_at = coalesce(least(ends_at, $2 + idle_ms * interval '1 millisecond'), expires_at)
       where digest = $1 and revoked_at is null and expires_at > $2
         and (last_used_at is null or last_used_at <= $3)
       returning expires_at`,
      [digest, now, new Date(now.getTime() - USE_RESOLUTION_MS)],
    );
    return used?.expires_at ?? null;
  }

  /** Records a proof of the person of a session. Null when the session is over. */
  async prove(
    tx: Transaction,
    id: string,
    method: ProofMethod,
    at: Date,
  ): Promise<{ id: string; digest: string } | null> {
    const [[proved]] = await tx.manager.query<[{ id: string; digest: string }[], number]>(
      `update sessions set authenticated_at = $2,
         methods = array(select distinct unnest(coalesce(methods, array['password']) || $3::text))
       where id = $1 and revoked_at is null and expires_at > $2 returning id, digest`,
      [id, at, method],
    );
    return proved ?? null;
  }

  /** Ends a session once; `ended` is false when it had ended before. Null when there is no such session. */
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
