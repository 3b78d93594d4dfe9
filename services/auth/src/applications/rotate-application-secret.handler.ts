import { HandleRequest } from '@gridworks/bus';
import {
  APPLICATION_ENDED,
  APPLICATION_WITHOUT_SECRET,
  AppError,
  callerOf,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  rotateApplicationSecret,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { mustMayScopes } from '../api-keys/key-options.ts';
import { ApplicationRepository } from './application.repository.ts';
import { makeSecret, presentApplication } from './application.ts';

@Controller()
export class RotateApplicationSecretHandler {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationRepository,
  ) {}

  /**
   * The new secret works at once; the old one until the overlap is over. A secret that was in its overlap already ends.
   * Tokens stay: they end by themselves in ten minutes, and revoking the application ends them at once.
   */
  @HandleRequest(rotateApplicationSecret)
  rotate(
    { id, overlap_seconds: overlap }: ParsedInputOf<typeof rotateApplicationSecret>,
    call: CallContext,
  ): Promise<OutputOf<typeof rotateApplicationSecret>> {
    return this.database.transaction(async (tx) => {
      const old = await this.applications.hold(tx, partnerOf(call), id);
      if (old.revoked_at) throw new AppError(APPLICATION_ENDED);
      if (old.secret_digest === null) throw new AppError(APPLICATION_WITHOUT_SECRET);
      // The caller learns a secret that may do what the application may.
      mustMayScopes(callerOf(call), old.scopes);
      const { secret, stored } = makeSecret();
      const changed = await this.applications.update(tx, old, {
        ...stored,
        old_secret_digest: overlap === 0 ? null : old.secret_digest,
        old_secret_expires_at: overlap === 0 ? null : new Date(Date.now() + overlap * 1000),
      });
      return { ...presentApplication(changed), client_secret: secret };
    });
  }
}
