import { isPlatformRole, type Principal } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SecondFactors } from '../second-factors/second-factors.ts';

/** The principal of a credential, and when the credential expires; null when it does not. */
export interface VerifiedCredential {
  readonly principal: Principal;
  readonly expiresAt: Date | null;
  /** The last recorded use of a session. Null for keys. */
  readonly lastUsedAt: Date | null;
}

/** Runs for every credential that a gateway does not remember: one statement by a unique index each. */
@Injectable()
export class CredentialRepository {
  constructor(
    private readonly database: Database,
    private readonly factors: SecondFactors,
  ) {}

  /** Null for a key that is unknown, revoked or expired. */
  async findByKeyDigest(digest: string, now: Date): Promise<VerifiedCredential | null> {
    const [row] = await this.database.read<
      { id: string; partner_id: string; mode: 'live' | 'test'; expires_at: Date | null }[]
    >((manager) =>
      manager.query(
        `select id, partner_id, mode, expires_at from api_keys
         where digest = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
        [digest, now],
      ),
    );
    if (!row) return null;
    const principal: Principal = {
      kind: 'api_key',
      id: row.id,
      partner_id: row.partner_id,
      user_id: null,
      role: 'none',
      mode: row.mode,
    };
    return { principal, expiresAt: row.expires_at, lastUsedAt: null };
  }

  /** Null for a session that is unknown, ended or expired. */
  async findBySessionDigest(digest: string, now: Date): Promise<VerifiedCredential | null> {
    const [row] = await this.database.read<
      {
        id: string;
        user_id: string;
        partner_id: string | null;
        role: Principal['role'];
        permissions: string[] | null;
        expires_at: Date;
        last_used_at: Date | null;
        authenticated_at: Date;
        by_password_alone: boolean;
      }[]
    >((manager) =>
      manager.query(
        `select s.id, s.user_id, m.partner_id, coalesce(u.platform_role, m.role, 'none') as role, r.permissions,
           s.expires_at, s.last_used_at,
           coalesce(s.authenticated_at, s.created_at) as authenticated_at,
           coalesce(s.methods <@ array['password'], true) as by_password_alone
         from sessions s join users u on u.id = s.user_id
           left join memberships m
             on u.platform_role is null and m.user_id = s.user_id and m.partner_id = s.partner_id
           left join roles r on r.id = m.role_id
         where s.digest = $1 and s.revoked_at is null and s.expires_at > $2`,
        [digest, now],
      ),
    );
    if (!row) return null;
    const principal: Principal = {
      kind: 'session',
      id: row.id,
      partner_id: row.partner_id,
      user_id: row.user_id,
      role: row.role,
      ...(row.permissions ? { permissions: row.permissions } : {}),
      mode: null,
      authenticated_at: row.authenticated_at.toISOString(),
      ...(row.by_password_alone && this.factors.isRequired(isPlatformRole(row.role))
        ? { second_factor_missing: true as const }
        : {}),
    };
    return { principal, expiresAt: row.expires_at, lastUsedAt: row.last_used_at };
  }
}
