import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SecretBox } from '../second-factors/totp/secret-box.ts';
import { SsoConnectionRepository } from './sso-connection.repository.ts';

/** Seals client secrets of older keys anew when the service starts, as `ResealSecrets` does with those of authenticator apps. */
@Injectable()
export class ResealSsoSecrets implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly connections: SsoConnectionRepository,
    private readonly box: SecretBox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.reseal();
  }

  async reseal(): Promise<void> {
    try {
      const all = await this.connections.withSecret();
      const old = all.filter(({ secret }) => secret !== null && !this.box.isCurrent(secret));
      for (const row of old) {
        const secret = this.box.seal(this.box.open(row.secret ?? '', row.id), row.id);
        await this.database.transaction((tx) => this.connections.change(tx, row, { secret }));
      }
      if (old.length > 0) this.logger.log('secrets.resealed', { count: old.length });
    } catch (error) {
      this.logger.log('secrets.reseal_failed', { error });
    }
  }
}
