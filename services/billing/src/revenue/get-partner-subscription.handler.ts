import { HandleRequest } from '@gridworks/bus';
import {
  ACCOUNT_NOT_FOUND,
  AppError,
  getPartnerSubscription,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';

@Controller()
export class GetPartnerSubscriptionHandler {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly repository: SubscriptionRepository,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** Throws `BILLING.ACCOUNT_NOT_FOUND`. */
  @HandleRequest(getPartnerSubscription)
  async get({
    id,
  }: ParsedInputOf<typeof getPartnerSubscription>): Promise<OutputOf<typeof getPartnerSubscription>> {
    const now = new Date();
    return this.database.transaction(async (tx) => {
      if (!(await this.accounts.exists(tx, id))) throw new AppError(ACCOUNT_NOT_FOUND);
      return this.repository.present(tx, await this.subscriptions.hold(tx, id, now), now);
    });
  }
}
