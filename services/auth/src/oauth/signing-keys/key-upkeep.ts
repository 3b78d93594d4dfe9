import type { Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { SigningKeys } from './signing-keys.ts';

/** The age at which a signing key is replaced, in milliseconds: 90 days. */
export const KEY_AGE_MS = 90 * 86_400_000;

/** Replaces the signing key when it is old, once an hour, and seals the keys under the current secret key. */
@Injectable()
export class SigningKeyUpkeep extends HourlyUpkeep {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('signing_keys.upkeep_failed', { error }));
  }

  /** Makes the first key, or the next one when the newest is too old at this moment. */
  async run(now: Date): Promise<void> {
    const unlessNewerThan = new Date(now.getTime() - KEY_AGE_MS);
    await this.database.transaction((tx) => this.keys.rotate(tx, now, unlessNewerThan));
    const count = await this.keys.reseal();
    if (count > 0) this.logger.log('secrets.resealed', { count });
  }
}
