import { paymentMailRequested } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database, type Transaction, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { formatMoney } from '../money/format-money.ts';
import { AutoTopUpRepository } from './auto-top-up.repository.ts';
import { TopUps } from './top-ups.ts';

const EVERY_MS = 60_000;
const AT_ONCE = 200;

/**
 * Orders credit where the balance is low, once a minute. A partner has one open top-up at most by this, and the automatic ones of a calendar
 * month are at most its bound together. Where none is ordered, the people of the partner are told that the balance is low, once until it is not.
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
    private readonly profiles: BillingProfileRepository,
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
    await this.#each(
      (last) => this.settings.due(now, last, AT_ONCE),
      (tx, partnerId) => this.#order(tx, partnerId, now),
    );
    await this.database.transaction((tx) => this.settings.forgetTold(tx, now));
    await this.#each(
      (last) => this.settings.low(now, last, AT_ONCE),
      (tx, partnerId) => this.#tell(tx, partnerId, now),
    );
  }

  /** One partner's trouble does not stop the others. */
  async #each(
    read: (last: string) => Promise<string[]>,
    work: (tx: Transaction, partnerId: string) => Promise<void>,
  ): Promise<void> {
    for (let last = ''; ; ) {
      const page = await read(last);
      for (const partner_id of page)
        await this.database
          .transaction((tx) => work(tx, partner_id))
          .catch((error: unknown) => this.logger.log('credits.upkeep_failed', { error, partner_id }));
      if (page.length < AT_ONCE) return;
      last = page.at(-1) as string;
    }
  }

  async #order(tx: Transaction, partnerId: string, now: Date): Promise<void> {
    const due = await this.settings.holdDue(tx, partnerId, now);
    if (!due) return;
    const { amount, currency, monthly_limit: limit } = due;
    if ((await this.settings.ordered(tx, partnerId, currency, now)) + amount > limit) return;
    await this.topUps.order(tx, partnerId, { amount, purpose: 'auto_top_up' }, now);
  }

  async #tell(tx: Transaction, partner_id: string, now: Date): Promise<void> {
    const low = await this.settings.tellLow(tx, partner_id, now);
    if (!low) return;
    const { locale } = await this.profiles.hold(tx, partner_id);
    const money = (minor: bigint) => formatMoney({ currency: low.currency, minor }, locale);
    const words = { amount: money(low.balance), limit: money(low.threshold) };
    tx.emit(paymentMailRequested, { mail: 'credit-low', partner_id, words }, { partnerId: partner_id });
  }
}
