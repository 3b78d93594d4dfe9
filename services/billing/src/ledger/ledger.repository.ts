import { newId } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { entriesOf, type LedgerAccount, type PostingAmounts, type PostingKind } from './postings.ts';

export interface Posting {
  readonly partnerId: string;
  readonly kind: PostingKind;
  /** The id of what the posting is about. A kind is posted once for a reference. */
  readonly reference: string;
  readonly currency: string;
  readonly amounts: PostingAmounts;
  readonly at: Date;
}

export interface Balance {
  readonly account: LedgerAccount;
  readonly currency: string;
  /** Minor units: debits less credits. */
  readonly amount: bigint;
}

@Injectable()
export class LedgerRepository {
  constructor(private readonly database: Database) {}

  /**
   * Posts in the transaction of the cause. Returns the id of the ledger transaction; null, without effect, when the kind was
   * posted for the reference already.
   */
  async post(tx: Transaction, posting: Posting): Promise<string | null> {
    const { partnerId, kind, reference, currency, at } = posting;
    const entries = entriesOf(kind, posting.amounts);
    const id = newId('ledgerTransaction');
    const [inserted] = await tx.prepared<{ id: string }>(
      `insert into ledger_transactions (id, partner_id, kind, reference, at) values ($1, $2, $3, $4, $5)
       on conflict (kind, reference) do nothing returning id`,
      [id, partnerId, kind, reference, at],
    );
    if (!inserted) return null;
    const accounts = entries.map(({ account }) => account);
    // In the order of the names: two first postings of a partner wait for each other and do not deadlock.
    await tx.prepared(
      `insert into ledger_accounts (partner_id, name, currency)
       select $1, name, $2 from unnest($3::text[]) as name order by name
       on conflict (partner_id, name, currency) do nothing`,
      [partnerId, currency, accounts],
    );
    await tx.prepared(
      `insert into ledger_entries (transaction_id, partner_id, account_id, currency, amount)
       select $1, a.partner_id, a.id, a.currency, e.amount
       from unnest($3::text[], $4::bigint[]) with ordinality as e (name, amount, n)
       join ledger_accounts a on a.partner_id = $2 and a.name = e.name and a.currency = $5 order by e.n`,
      [id, partnerId, accounts, entries.map(({ amount }) => amount.toString()), currency],
    );
    return id;
  }

  /** The balances of a partner's accounts that are not 0. */
  async balances(partnerId: string): Promise<Balance[]> {
    const rows: { account: LedgerAccount; currency: string; amount: string }[] = await this.database.read(
      (manager) =>
        manager.query(
          `select a.name as account, a.currency, sum(e.amount)::text as amount
           from ledger_entries e join ledger_accounts a on a.id = e.account_id
           where a.partner_id = $1 group by a.name, a.currency having sum(e.amount) <> 0 order by a.currency, a.name`,
          [partnerId],
        ),
    );
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
  }
}
