import { HandleRequest } from '@gridworks/bus';
import {
  ACCOUNT_NOT_FOUND,
  AppError,
  actorOf,
  CREDIT_EXPIRED,
  grantCredit,
  type OutputOf,
  type ParsedInputOf,
  voidCreditGrant,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { CreditRepository } from '../credits/credit.repository.ts';
import { presentGrant } from '../credits/credit-grant.ts';
import { exponentOf } from '../money/currency.ts';

/** What people of GridWorks do about credit. The entries are in the chain of the partner. */
@Controller()
export class GrantCreditHandler {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly credits: CreditRepository,
  ) {}

  @HandleRequest(grantCredit)
  grant(
    { id, kind, currency, reason, ...input }: ParsedInputOf<typeof grantCredit>,
    call: CallContext,
  ): Promise<OutputOf<typeof grantCredit>> {
    const now = new Date();
    const expiresAt = input.expires_at === null ? null : new Date(input.expires_at);
    if (expiresAt !== null && expiresAt <= now) throw new AppError(CREDIT_EXPIRED);
    exponentOf(currency);
    return this.database.transaction(async (tx) => {
      noteAct({ partner_id: id });
      if (!(await this.accounts.exists(tx, id))) throw new AppError(ACCOUNT_NOT_FOUND);
      const grant = {
        ...{ partnerId: id, kind, currency, amount: BigInt(input.amount), expiresAt, reason },
        grantedBy: actorOf(call),
      };
      return presentGrant(await this.credits.grant(tx, grant, now), now);
    });
  }

  @HandleRequest(voidCreditGrant)
  void({ id }: ParsedInputOf<typeof voidCreditGrant>): Promise<OutputOf<typeof voidCreditGrant>> {
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const voided = await this.credits.void(tx, id, now);
      noteAct({ partner_id: voided.partner_id, after: { amount: voided.amount, currency: voided.currency } });
      return presentGrant(voided, now);
    });
  }
}
