import {
  AppError,
  accessTokensChanged,
  CREDENTIAL_REFUSED,
  credentialDigest,
  mayDo,
  PARTNER_SUSPENDED,
  type Permission,
  type Principal,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { isSuspended } from '../../suspensions/suspension.repository.ts';
import { Issuer } from '../issuer.ts';
import { SigningKeys } from '../signing-keys/signing-keys.ts';

/** The claims of an access token (RFC 9068, 2.2). */
export interface AccessTokenClaims extends JWTPayload {
  readonly sub: string;
  readonly client_id: string;
  readonly partner_id: string;
  readonly exp: number;
  readonly scope?: string;
  /** The grant of a person; a service account has none. */
  readonly grant_id?: string;
}

export interface VerifiedToken {
  readonly principal: Principal;
  readonly claims: AccessTokenClaims;
  readonly expiresAt: Date;
}

interface Row {
  readonly kind: 'service' | 'web' | 'native';
  readonly partner_id: string;
  readonly scopes: string[];
  readonly suspended: boolean;
  readonly role: Principal['role'] | null;
  readonly permissions: string[] | null;
  readonly has_grant: boolean;
}

const SQL = `
  select a.kind, a.partner_id, a.scopes, ${isSuspended('a.partner_id')} as suspended, m.role, r.permissions,
    exists (select 1 from oauth_records g
      where g.model = 'Grant' and g.digest = $3 and g.client_id = a.id and g.account_id = $2 and g.expires_at > now()
    ) as has_grant
  from applications a
    left join memberships m on m.partner_id = a.partner_id and m.user_id = $2
    left join roles r on r.id = m.role_id
  where a.id = $1 and a.partner_id = $5 and a.revoked_at is null
    and not exists (select 1 from revoked_access_tokens t where t.digest = $4)`;

/**
 * Access tokens: their signature says who made them, PostgreSQL whether the application, the grant and the person still may.
 * Tokens themselves are stored nowhere; only revoked ones are, by digest, until their end.
 */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
    private readonly issuer: Issuer,
  ) {}

  /**
   * Throws `AUTH.CREDENTIAL_REFUSED` for every token that is not valid now, whatever is wrong with it, and
   * `AUTH.PARTNER_SUSPENDED`.
   */
  async verify(token: string): Promise<VerifiedToken> {
    const claims = await this.#claimsOf(token);
    const { client_id: id, sub, grant_id: grant, partner_id: partner } = claims;
    const [row] = await this.database.read((manager) =>
      manager.query<Row[]>(SQL, [
        ...[id, sub, credentialDigest(grant ?? '')],
        ...[credentialDigest(token), partner],
      ]),
    );
    const principal = row && principalOf(row, claims);
    if (!principal) throw new AppError(CREDENTIAL_REFUSED);
    if (row.suspended) throw new AppError(PARTNER_SUSPENDED);
    return { principal, claims, expiresAt: new Date(claims.exp * 1000) };
  }

  /** Refuses a token until it would have ended. Gateways forget it. */
  async revoke(token: string, expiresAt: Date): Promise<void> {
    const digest = credentialDigest(token);
    await this.database.transaction(async (tx) => {
      await tx.manager.query(
        'insert into revoked_access_tokens (digest, expires_at) values ($1, $2) on conflict do nothing',
        [digest, expiresAt],
      );
      tx.emit(accessTokensChanged, { application_id: null, user_id: null, digest });
    });
  }

  /** One algorithm, one type, and only keys of ours, by `kid`: what the header says beside that is not read. */
  async #claimsOf(token: string): Promise<AccessTokenClaims> {
    // Loaded at the first token, so that a start does not wait for it.
    const { errors, jwtVerify } = await import('jose');
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(
        token,
        async ({ kid }) => {
          const key = typeof kid === 'string' ? await this.keys.find(kid) : null;
          if (!key) throw new errors.JWKSNoMatchingKey();
          return key.publicKey;
        },
        {
          algorithms: ['EdDSA'],
          typ: 'at+jwt',
          issuer: this.issuer.url,
          audience: this.issuer.url,
          requiredClaims: ['sub', 'client_id', 'partner_id', 'exp', 'iat', 'jti'],
        },
      );
      return payload;
    } catch (cause) {
      if (cause instanceof errors.JOSEError) throw new AppError(CREDENTIAL_REFUSED, { cause });
      throw cause;
    }
  }
}

/** Who calls; null when the application, the grant or the person may no longer. */
function principalOf(
  row: Row,
  { client_id, sub, scope = '', grant_id }: AccessTokenClaims,
): Principal | null {
  const asked = scope.split(' ').filter((one) => row.scopes.includes(one)) as Permission[];
  const base = { id: client_id, partner_id: row.partner_id, role: 'none', mode: 'live' } as const;
  if (row.kind === 'service') {
    if (sub !== client_id || grant_id !== undefined) return null;
    return { ...base, kind: 'service_account', user_id: null, permissions: asked };
  }
  if (!row.has_grant || row.role === null) return null;
  const person: Principal = {
    ...{ ...base, kind: 'session', user_id: sub, mode: null, role: row.role },
    ...(row.permissions ? { permissions: row.permissions } : {}),
  };
  return {
    ...base,
    kind: 'application',
    user_id: sub,
    permissions: asked.filter((one) => mayDo(one, person)),
  };
}
