import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type PayloadOf, partnerRegistered } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountRepository } from './account.repository.ts';

const consumer = consumerOf(partnerRegistered);

/** Opens an account for every registered partner, as soon as the event arrives. */
@Controller()
export class OpenAccountHandler {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
  ) {}

  @HandleEvent(partnerRegistered)
  async open(
    payload: PayloadOf<typeof partnerRegistered>,
    event: BusEvent<PayloadOf<typeof partnerRegistered>>,
  ): Promise<void> {
    await this.database.once(event, consumer, (tx) =>
      this.accounts.open(tx, payload.partner_id, new Date(payload.registered_at)),
    );
  }
}
