import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BillingRun } from './billing-run.ts';
import { DueWorkRepository } from './due-work.repository.ts';

/** At most so long between two runs: another instance, or a change, may have made something due meanwhile. */
const AT_MOST_MS = 60_000;
const AT_LEAST_MS = 1_000;

/** Runs the billing run when something is due. */
@Injectable()
export class BillingLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop: WakeableLoop;

  constructor(
    private readonly database: Database,
    private readonly billing: BillingRun,
    private readonly due: DueWorkRepository,
    @Inject(CONFIG) private readonly config: { readonly BILLING_GRACE_MS: number },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#loop = new WakeableLoop(() => this.#run());
  }

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => this.#loop.start());
  }

  /** Waits for the current run. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  /** The milliseconds until the next run. */
  async #run(): Promise<number> {
    try {
      await this.billing.run(new Date());
      const next = await this.due.nextAt(this.config.BILLING_GRACE_MS);
      if (!next) return AT_MOST_MS;
      return Math.min(AT_MOST_MS, Math.max(AT_LEAST_MS, next.getTime() - Date.now()));
    } catch (error) {
      this.logger.log('billing_run.failed', { error });
      return AT_MOST_MS;
    }
  }
}
