import { isPlatformRole, type KeyLimit, type Principal } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SecondFactors } from '../second-factors/second-factors.ts';
import { isSuspended } from '../suspensions/suspension.repository.ts';

/** The principal of a credential, and when the credential expires; null when it does not. */
export interface VerifiedCredential {
  readonly principal: Principal;
  readonly expiresAt: Date | null;
  /** The networks from which a key is accepted; empty for everywhere, and for sessions. */
  readonly allowedNetworks: readonly string[];
  /** The limits of a key's own. */
  readonly limits: readonly KeyLimit[];
  /** The last recorded use of a session or SCIM token. Null for keys. */
  readonly lastUsedAt: Date | null;
  /** Whether the partner of the credential is suspended. */
  readonly isSuspended: boolean;
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
      {
        id: string;
        partner_id: string;
        mode: 'live' | 'test';
        scopes: string[] | null;
        allowed_networks: string[];
        limits: KeyLimit[];
        expires_at: Date | null;
        suspended: boolean;
      }[]
    >((manager) =>
      manager.query(
        `select id, partner_id, mode, scopes, allowed_networks, limits, expires_at,
           ${isSuspended('api_keys.partner_id')} as suspended
         from api_keys
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
      ...(row.scopes ? { permissions: row.scopes } : {}),
      mode: row.mode,
    };
    return {
      principal,
      expiresAt: row.expires_at,
      allowedNetworks: row.allowed_networks,
      limits: row.limits,
      lastUsedAt: null,
      isSuspended: row.suspended,
    };
  }

  /** Null for a SCIM token that is unknown, revoked or expired. */
  async findByScimDigest(digest: string, now: Date): Promise<VerifiedCredential | null> {
    const [row] = await this.database.read<
      { id: string; partner_id: string; expires_at: Date; last_used_at: Date | null; suspended: boolean }[]
    >((manager) =>
      manager.query(
        `select id, partner_id, expires_at, last_used_at, ${isSuspended('scim_tokens.partner_id')} as suspended
         from scim_tokens where digest = $1 and revoked_at is null and expires_at > $2`,
        [digest, now],
      ),
    );
    if (!row) return null;
    const { id, partner_id } = row;
    return {
      principal: { kind: 'scim_token', id, partner_id, user_id: null, role: 'none', mode: null },
      expiresAt: row.expires_at,
      allowedNetworks: [],
      limits: [],
      lastUsedAt: row.last_used_at,
      isSuspended: row.suspended,
    };
  }

  /** Records the use of a SCIM token. */
  async useScimToken(tx: Transaction, digest: string, at: Date): Promise<void> {
    await tx.manager.query('update scim_tokens set last_used_at = $2 where digest = $1', [digest, at]);
  }

  /**
   * Null for a session that is unknown, ended or expired. The principal of an impersonation is an owner of the partner
   * that has granted it, and names the impersonator.
   */
  async findBySessionDigest(digest: string, now: Date): Promise<VerifiedCredential | null> {
    const [row] = await this.database.read<SessionRow[]>((manager) =>
      manager.query(
        `select s.id, s.user_id, s.sso_connection_id, r.permissions, s.expires_at, s.last_used_at, a.access,
           coalesce(a.partner_id, m.partner_id) as partner_id,
           coalesce(u.platform_role, m.role, 'none') as role,
           coalesce(s.authenticated_at, s.created_at) as authenticated_at,
           coalesce(s.methods <@ array['password', 'external'], true) as without_second_factor,
           ${isSuspended('coalesce(a.partner_id, m.partner_id)')} as suspended
         from sessions s join users u on u.id = s.user_id
           left join memberships m
             on u.platform_role is null and m.user_id = s.user_id and m.partner_id = s.partner_id
           left join roles r on r.id = m.role_id
           left join sso_connections c on c.id = s.sso_connection_id
           left join impersonations i on i.session_id = s.id
           left join support_accesses a on a.id = i.support_access_id
         where s.digest = $1 and s.revoked_at is null and s.expires_at > $2
           and (s.sso_connection_id is null or c.state <> 'off')
           and (a.id is null or (a.revoked_at is null and a.expires_at > $2))`,
        [digest, now],
      ),
    );
    if (!row) return null;
    const principal: Principal = {
      kind: 'session',
      id: row.id,
      partner_id: row.partner_id,
      user_id: row.user_id,
      role: row.access ? 'owner' : row.role,
      ...(row.permissions ? { permissions: row.permissions } : {}),
      mode: null,
      authenticated_at: row.authenticated_at.toISOString(),
      ...(row.without_second_factor && this.factors.isRequired(isPlatformRole(row.role))
        ? { second_factor_missing: true as const }
        : {}),
      ...(row.sso_connection_id && { sso_connection_id: row.sso_connection_id }),
      ...(row.access && { impersonator: row.user_id, access: row.access }),
    };
    return {
      principal,
      expiresAt: row.expires_at,
      allowedNetworks: [],
      limits: [],
      lastUsedAt: row.last_used_at,
      isSuspended: row.suspended,
    };
  }
}

interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly partner_id: string | null;
  readonly sso_connection_id: string | null;
  readonly role: Principal['role'];
  readonly permissions: string[] | null;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
  readonly suspended: boolean;
  readonly authenticated_at: Date;
  readonly without_second_factor: boolean;
  /** Of an impersonation. */
  readonly access: 'read' | 'write' | null;
}
