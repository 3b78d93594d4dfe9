import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { type Account, AccountEntity } from './account.entity.ts';

@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  /** Does nothing when the account exists already. */
  async open(tx: Transaction, account: Account): Promise<void> {
    await tx.manager.createQueryBuilder().insert().into(AccountEntity).values(account).orIgnore().execute();
  }

  /** The plan of a partner; null while its account is not opened yet. */
  async planId(partnerId: string): Promise<string | null> {
    const account = await this.database.read((manager) =>
      manager.findOneBy(AccountEntity, { partner_id: partnerId }),
    );
    return account?.plan_id ?? null;
  }
}
