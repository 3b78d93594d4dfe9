import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type PayloadOf, paymentMailRequested } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';

const consumer = consumerOf(paymentMailRequested);
type Request = PayloadOf<typeof paymentMailRequested>;

/** Billing says what happened to a payment, and auth knows who is to hear of it: one mail for each owner and accountant of the partner. */
@Controller()
export class SendPaymentMailHandler {
  constructor(
    private readonly database: Database,
    private readonly mails: AccountMails,
  ) {}

  @HandleEvent(paymentMailRequested)
  async send({ mail, partner_id, words }: Request, event: BusEvent<Request>): Promise<void> {
    await this.database.once(event, consumer, async (tx) => {
      for (const user_id of await readers(tx, partner_id))
        this.mails.toMember(tx, mail, { user_id, partner_id }, words);
    });
  }
}

async function readers(tx: Transaction, partnerId: string): Promise<string[]> {
  const rows = await tx.prepared<{ user_id: string }>(
    `select user_id from memberships where partner_id = $1 and role in ('owner', 'billing') order by id`,
    [partnerId],
  );
  return rows.map(({ user_id }) => user_id);
}
