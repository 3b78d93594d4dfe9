import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SigningKeys } from './signing-keys.ts';

const EVERY_MS = 3_600_000;
/** The age at which a signing key is replaced, in milliseconds: 90 days. */
export const KEY_AGE_MS = 90 * 86_400_000;

/** Replaces the signing key when it is old, once an hour, and seals the keys under the current secret key. */
@Injectable()
export class SigningKeyUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(async () => {
    await this.run(new Date()).catch((error: unknown) =>
      this.logger.log('signing_keys.upkeep_failed', { error }),
    );
    return EVERY_MS;
  });

  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => this.#loop.start());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  /** Makes the first key, or the next one when the newest is too old at this moment. */
  async run(now: Date): Promise<void> {
    const unlessNewerThan = new Date(now.getTime() - KEY_AGE_MS);
    await this.database.transaction((tx) => this.keys.rotate(tx, now, unlessNewerThan));
    const count = await this.keys.reseal();
    if (count > 0) this.logger.log('secrets.resealed', { count });
  }
}
