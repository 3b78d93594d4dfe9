import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

@Injectable()
export class AccountRepository {
  /** Leaves an account that is there already as it is. */
  async open(tx: Transaction, partnerId: string, planId: string, openedAt: Date): Promise<void> {
    await tx.manager.query(
      `insert into accounts (partner_id, plan_id, opened_at) values ($1, $2, $3)
       on conflict (partner_id) do nothing`,
      [partnerId, planId, openedAt],
    );
  }
}
