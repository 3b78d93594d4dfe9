import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  CREDENTIAL_REFUSED,
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
import { CredentialRepository } from './credential.repository.ts';

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
   * Unknown, revoked and expired credentials get the same error. The use of a session is recorded at most
   * once a minute.
   */
  @HandleRequest(verifyCredential)
  async verify(input: ParsedInputOf<typeof verifyCredential>): Promise<OutputOf<typeof verifyCredential>> {
    if (input.kind === 'access_token') return this.#verifyToken(input.digest, input.token);
    const now = new Date();
    const found =
      input.kind === 'api_key'
        ? await this.credentials.findByKeyDigest(input.digest, now)
        : await this.credentials.findBySessionDigest(input.digest, now);
    if (!found) throw new AppError(CREDENTIAL_REFUSED);
    if (found.isSuspended) throw new AppError(PARTNER_SUSPENDED);
    const isUsed =
      input.kind === 'session' &&
      !input.passive &&
      now.getTime() - (found.lastUsedAt?.getTime() ?? 0) >= USE_RESOLUTION_MS;
    const prolonged = isUsed ? await this.#use(input.digest, now) : null;
    const expiresAt = prolonged ?? found.expiresAt;
    const { principal, allowedNetworks } = found;
    return {
      principal,
      expires_at: expiresAt?.toISOString() ?? null,
      ...(allowedNetworks.length > 0 ? { allowed_networks: [...allowedNetworks] } : {}),
    };
  }

  /** A token whose digest is another one's would be remembered, and forgotten, under that name. */
  async #verifyToken(digest: string, token = ''): Promise<OutputOf<typeof verifyCredential>> {
    if (credentialDigest(token) !== digest) throw new AppError(CREDENTIAL_REFUSED);
    const { principal, expiresAt } = await this.tokens.verify(token);
    return { principal, expires_at: expiresAt.toISOString() };
  }

  /** A use that cannot be recorded now does not refuse the session: a later use is recorded. */
  async #use(digest: string, now: Date): Promise<Date | null> {
    try {
      return await this.database.transaction((tx) => this.sessions.use(tx, digest, now));
    } catch (error) {
      this.logger.log('session.use_unrecorded', { error });
      return null;
    }
  }
}
