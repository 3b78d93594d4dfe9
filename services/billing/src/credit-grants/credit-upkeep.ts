import { paymentMailRequested } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep, type Transaction } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { CreditRepository } from '../credits/credit.repository.ts';
import { formatMoney } from '../money/format-money.ts';

/** How long before the end of a credit its partner is told. */
export const EXPIRY_NOTICE_DAYS = 14;
const DAY_MS = 86_400_000;
const AT_ONCE = 200;

/** Ends credit whose time is over, and tells of credit that will end. Each grant is a transaction of its own, done by one instance. */
@Injectable()
export class CreditUpkeep extends HourlyUpkeep {
  constructor(
    private readonly database: Database,
    private readonly credits: CreditRepository,
    private readonly profiles: BillingProfileRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('credits.upkeep_failed', { error }));
  }

  async run(now: Date): Promise<void> {
    const soon = new Date(now.getTime() + EXPIRY_NOTICE_DAYS * DAY_MS);
    await this.#each(
      () => this.credits.ending(now, true, AT_ONCE),
      async (tx, id) => {
        await this.credits.expire(tx, id, now);
      },
    );
    await this.#each(
      () => this.credits.ending(soon, false, AT_ONCE),
      (tx, id) => this.#tell(tx, id, soon, now),
    );
  }

  async #each(read: () => Promise<string[]>, work: (tx: Transaction, id: string) => Promise<void>) {
    const done = new Set<string>();
    for (;;) {
      // A grant that failed, or that another instance holds, is left to the next run.
      const ids = (await read()).filter((id) => !done.has(id));
      if (ids.length === 0) return;
      for (const id of ids) {
        done.add(id);
        await this.database
          .transaction((tx) => work(tx, id))
          .catch((error: unknown) => this.logger.log('credits.upkeep_failed', { error, id }));
      }
    }
  }

  async #tell(tx: Transaction, id: string, until: Date, now: Date): Promise<void> {
    const grant = await this.credits.tellExpiry(tx, id, until, now);
    if (!grant?.expires_at) return;
    const { partner_id, currency } = grant;
    const { locale } = await this.profiles.hold(tx, partner_id);
    const words = {
      amount: formatMoney({ currency, minor: BigInt(grant.remaining) }, locale),
      date: grant.expires_at.toISOString().slice(0, 10),
    };
    const mail = 'credit-expiring';
    tx.emit(paymentMailRequested, { mail, partner_id, words }, { partnerId: partner_id });
  }
}
