import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AutoTopUpRepository } from './auto-top-up.repository.ts';
import { TopUps } from './top-ups.ts';

const EVERY_MS = 60_000;
const AT_ONCE = 200;

/**
 * Orders credit where the balance is low, once a minute. A partner has one open top-up at most by this, and the automatic ones of a calendar
 * month are at most its bound together.
 */
@Injectable()
export class AutoTopUpRun implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(async () => {
    await this.run(new Date()).catch((error: unknown) => this.logger.log('credits.upkeep_failed', { error }));
    return EVERY_MS;
  });

  constructor(
    private readonly database: Database,
    private readonly settings: AutoTopUpRepository,
    private readonly topUps: TopUps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => this.#loop.start());
  }

  /** Waits for the current run. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  wake(): void {
    this.#loop.wake();
  }

  async run(now: Date): Promise<void> {
    for (let last = ''; ; ) {
      const page = await this.settings.due(now, last, AT_ONCE);
      for (const partnerId of page)
        await this.#order(partnerId, now).catch((error: unknown) =>
          this.logger.log('credits.upkeep_failed', { error, partner_id: partnerId }),
        );
      if (page.length < AT_ONCE) return;
      last = page.at(-1) as string;
    }
  }

  async #order(partnerId: string, now: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const due = await this.settings.holdDue(tx, partnerId, now);
      if (!due) return;
      const { amount, currency, monthly_limit: limit } = due;
      if ((await this.settings.ordered(tx, partnerId, currency, now)) + amount > limit) return;
      await this.topUps.order(tx, partnerId, { amount, purpose: 'auto_top_up' }, now);
    });
  }
}
