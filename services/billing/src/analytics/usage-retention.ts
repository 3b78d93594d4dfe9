import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RollupRepository } from './rollup.repository.ts';

const EVERY_MS = 3_600_000;

/** Deletes roll-ups that are older than their retention, every hour. */
@Injectable()
export class RollupUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly rollups: RollupRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#clean());
    }, EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #clean(): Promise<void> {
    await this.rollups.deleteOld().catch((error: unknown) => {
      this.logger.log('usage_rollup.delete_failed', { error });
    });
  }
}
