import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { type Account, AccountEntity } from './account.entity.ts';

@Injectable()
export class AccountRepository {
  /** Leaves an account that is there already as it is. */
  async open(tx: Transaction, account: Account): Promise<void> {
    await tx.manager.createQueryBuilder().insert().into(AccountEntity).values(account).orIgnore().execute();
  }
}
