import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type PayloadOf, partnerRegistered } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { AccountRepository } from './account.repository.ts';

const consumer = consumerOf(partnerRegistered);

/** Opens an account for every registered partner, with a subscription of the first plan, as soon as the event arrives. */
@Controller()
export class OpenAccountHandler {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly subscriptions: Subscriptions,
  ) {}

  @HandleEvent(partnerRegistered)
  async open(
    { partner_id: partnerId, registered_at }: PayloadOf<typeof partnerRegistered>,
    event: BusEvent<PayloadOf<typeof partnerRegistered>>,
  ): Promise<void> {
    const at = new Date(registered_at);
    await this.database.once(event, consumer, async (tx) => {
      await this.accounts.open(tx, partnerId, at);
      await this.subscriptions.start(tx, partnerId, at);
    });
  }
}
