import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { TotpRepository } from './totp.repository.ts';

/**
 * Seals secrets of older keys anew when the service starts, in the background: after a start without `secrets.reseal_failed`
 * the older keys can be removed. A database that is away only delays it to the next start, or to the next use of a secret.
 */
@Injectable()
export class ResealSecrets implements OnApplicationBootstrap {
  constructor(
    private readonly totp: TotpRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.reseal();
  }

  async reseal(): Promise<void> {
    try {
      const count = await this.totp.reseal();
      if (count > 0) this.logger.log('secrets.resealed', { count });
    } catch (error) {
      this.logger.log('secrets.reseal_failed', { error });
    }
  }
}
