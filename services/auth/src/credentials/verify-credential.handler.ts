import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  CREDENTIAL_REFUSED,
  type CredentialKind,
  credentialDigest,
  type OutputOf,
  PARTNER_SUSPENDED,
  type ParsedInputOf,
  verifyCredential,
} from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { AccessTokens } from '../oauth/access-tokens/access-tokens.ts';
import { SessionRepository } from '../sessions/session.repository.ts';
import { USE_RESOLUTION_MS } from '../sessions/session.ts';
import { CredentialRepository, type VerifiedCredential } from './credential.repository.ts';

@Controller()
export class VerifyCredentialHandler {
  constructor(
    private readonly credentials: CredentialRepository,
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionRepository,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Unknown, revoked and expired credentials get the same error. The use of a session or SCIM token is recorded at most
   * once a minute.
   */
  @HandleRequest(verifyCredential)
  async verify(input: ParsedInputOf<typeof verifyCredential>): Promise<OutputOf<typeof verifyCredential>> {
    if (input.kind === 'access_token') return this.#verifyToken(input.digest, input.token);
    const now = new Date();
    const found = await this.#find(input.kind, input.digest, now);
    if (!found) throw new AppError(CREDENTIAL_REFUSED);
    if (found.isSuspended) throw new AppError(PARTNER_SUSPENDED);
    const isUsed =
      input.kind !== 'api_key' &&
      !input.passive &&
      now.getTime() - (found.lastUsedAt?.getTime() ?? 0) >= USE_RESOLUTION_MS;
    const prolonged = isUsed ? await this.#use(input.kind, input.digest, now) : null;
    const expiresAt = prolonged ?? found.expiresAt;
    const { principal, allowedNetworks, limits } = found;
    return {
      principal,
      expires_at: expiresAt?.toISOString() ?? null,
      ...(allowedNetworks.length > 0 ? { allowed_networks: [...allowedNetworks] } : {}),
      ...(limits.length > 0 ? { limits: [...limits] } : {}),
    };
  }

  /** A token whose digest is another one's would be remembered, and forgotten, under that name. */
  async #verifyToken(digest: string, token = ''): Promise<OutputOf<typeof verifyCredential>> {
    if (credentialDigest(token) !== digest) throw new AppError(CREDENTIAL_REFUSED);
    const { principal, expiresAt } = await this.tokens.verify(token);
    return { principal, expires_at: expiresAt.toISOString() };
  }

  #find(kind: CredentialKind, digest: string, now: Date): Promise<VerifiedCredential | null> {
    switch (kind) {
      case 'api_key':
        return this.credentials.findByKeyDigest(digest, now);
      case 'session':
        return this.credentials.findBySessionDigest(digest, now);
      case 'scim_token':
        return this.credentials.findByScimDigest(digest, now);
    }
  }

  /**
   * Returns the new end of a session; null for a SCIM token, whose end is fixed. A use that cannot be recorded now does not
   * refuse the credential: a later use is recorded.
   */
  async #use(kind: CredentialKind, digest: string, now: Date): Promise<Date | null> {
    try {
      return await this.database.transaction(async (tx) => {
        if (kind === 'session') return this.sessions.use(tx, digest, now);
        await this.credentials.useScimToken(tx, digest, now);
        return null;
      });
    } catch (error) {
      this.logger.log('session.use_unrecorded', { error });
      return null;
    }
  }
}
