import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  CREDENTIAL_REFUSED,
  type OutputOf,
  type ParsedInputOf,
  verifyCredential,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { CredentialRepository } from './credential.repository.ts';

@Controller()
export class VerifyCredentialHandler {
  constructor(private readonly credentials: CredentialRepository) {}

  /** Unknown, revoked and expired end alike. */
  @HandleRequest(verifyCredential)
  async verify(input: ParsedInputOf<typeof verifyCredential>): Promise<OutputOf<typeof verifyCredential>> {
    const found =
      input.kind === 'api_key'
        ? await this.credentials.findByKeyDigest(input.digest)
        : await this.credentials.findBySessionDigest(input.digest, new Date());
    if (!found) throw new AppError(CREDENTIAL_REFUSED);
    return { principal: found.principal, expires_at: found.expiresAt?.toISOString() ?? null };
  }
}
