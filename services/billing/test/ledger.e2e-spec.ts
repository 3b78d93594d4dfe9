import { newId } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { type PostgresServer, recordHealing, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateLedger1797552000000 } from '../migrations/0020-create-ledger.ts';
import { LedgerRepository, type Posting } from '../src/ledger/ledger.repository.ts';
import { entriesOf, POSTINGS, type PostingAmounts, type PostingKind } from '../src/ledger/postings.ts';

describe('the ledger', () => {
  let server: PostgresServer;
  let database: Database;
  let ledger: LedgerRepository;
  beforeAll(async () => {
    server = await startPostgres();
    database = new Database({
      ...{
        url: await server.createServiceDatabase('billing'),
        schema: 'billing',
        applicationName: 'billing',
      },
      ...{ migrations: [CreateLedger1797552000000], healing: recordHealing().healing },
      logger: createLogger({ service: 'billing', instance: 'billing', level: 'silent' }),
    });
    database.start();
    await database.whenReady();
    ledger = new LedgerRepository(database);
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const posting = (
    partnerId: string,
    kind: PostingKind,
    amounts: PostingAmounts,
    currency = 'EUR',
  ): Posting => ({
    ...{ partnerId, kind, amounts, currency, at: new Date() },
    reference: newId('ledgerTransaction'),
  });
  const post = (one: Posting) => database.transaction((tx) => ledger.post(tx, one));
  const run = (sql: string) => database.transaction((tx) => tx.manager.query(sql) as Promise<unknown>);
  const balances = async (partnerId: string) =>
    Object.fromEntries(
      (await ledger.balances(partnerId)).map(({ account, currency, amount }) => [
        `${account} ${currency}`,
        amount,
      ]),
    );

  it('keeps the balances of a partner apart by currency', async () => {
    const partner = newId('partner');
    await post(posting(partner, 'invoice_finalized', { net: 1000n, tax: 180n }));
    await post(posting(partner, 'payment_received', { amount: 680n }));
    await post(posting(partner, 'invoice_finalized', { net: 500n, tax: 0n }, 'JPY'));
    expect(await balances(partner)).toEqual({
      ...{ 'receivable EUR': 500n, 'cash EUR': 680n, 'revenue EUR': -1000n, 'tax_payable EUR': -180n },
      ...{ 'receivable JPY': 500n, 'revenue JPY': -500n },
    });
  });

  it('posts a kind once for a reference, also in parallel', async () => {
    const partner = newId('partner');
    const one = posting(partner, 'payment_received', { amount: 7n });
    const ids = await Promise.all(Array.from({ length: 5 }, () => post(one)));
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
    expect(await balances(partner)).toEqual({ 'cash EUR': 7n, 'receivable EUR': -7n });
  });

  it('takes the first postings of a partner in parallel, and every kind is balanced', async () => {
    const partner = newId('partner');
    const expected: Record<string, bigint> = {};
    const all = (Object.keys(POSTINGS) as PostingKind[]).flatMap((kind, index) => {
      const amounts = Object.fromEntries(POSTINGS[kind].map(({ part }) => [part, BigInt(100 + index)]));
      for (const { account, amount } of [...entriesOf(kind, amounts), ...entriesOf(kind, amounts)])
        expected[`${account} EUR`] = (expected[`${account} EUR`] ?? 0n) + amount;
      return [posting(partner, kind, amounts), posting(partner, kind, amounts)];
    });
    await Promise.all(all.map(post));
    const nonZero = Object.fromEntries(Object.entries(expected).filter(([, amount]) => amount !== 0n));
    expect(await balances(partner)).toEqual(nonZero);
  });

  it('takes no entry with what was rolled back', async () => {
    const partner = newId('partner');
    const failed = database.transaction(async (tx) => {
      await ledger.post(tx, posting(partner, 'payment_received', { amount: 7n }));
      throw new Error('failed after the posting');
    });
    await expect(failed).rejects.toThrow('failed after the posting');
    expect(await balances(partner)).toEqual({});
  });

  it('refuses a transaction that is not balanced, or has no entries, during COMMIT', async () => {
    const partner = newId('partner');
    await post(posting(partner, 'payment_received', { amount: 7n }));
    const transaction = (id: string) =>
      `insert into ledger_transactions values ('${id}', '${partner}', 'payment_received', '${id}', now())`;
    const entry = (id: string, account: string, amount: number) =>
      `insert into ledger_entries (transaction_id, partner_id, account_id, currency, amount)
       select '${id}', partner_id, id, currency, ${amount} from ledger_accounts
       where partner_id = '${partner}' and name = '${account}'`;
    await expect(run(transaction('ltx_empty'))).rejects.toThrow('has no entries');
    await expect(run(`${transaction('ltx_one')}; ${entry('ltx_one', 'cash', 5)}`)).rejects.toThrow(
      'is not balanced: 5 EUR',
    );
    await expect(
      run(`${transaction('ltx_off')}; ${entry('ltx_off', 'cash', 5)}; ${entry('ltx_off', 'receivable', -4)}`),
    ).rejects.toThrow('is not balanced: 1 EUR');
    await run(
      `${transaction('ltx_even')}; ${entry('ltx_even', 'cash', 5)}; ${entry('ltx_even', 'receivable', -5)}`,
    );
    // Nothing can be added to a transaction later, either.
    await expect(run(entry('ltx_even', 'cash', 5))).rejects.toThrow('is not balanced');
    expect(await balances(partner)).toEqual({ 'cash EUR': 12n, 'receivable EUR': -12n });
  });

  it('refuses an entry in another currency than its account, or of another partner', async () => {
    const [mine, theirs] = [newId('partner'), newId('partner')];
    const id = await post(posting(mine, 'payment_received', { amount: 7n }));
    await post(posting(theirs, 'payment_received', { amount: 7n }));
    const entry = (partner: string, currency: string) =>
      run(`insert into ledger_entries (transaction_id, partner_id, account_id, currency, amount)
           select '${id}', partner_id, id, '${currency}', 1 from ledger_accounts where partner_id = '${partner}' limit 1`);
    await expect(entry(mine, 'USD')).rejects.toThrow('foreign key');
    await expect(entry(theirs, 'EUR')).rejects.toThrow('foreign key');
  });

  it.each(['ledger_entries', 'ledger_transactions', 'ledger_accounts'])(
    'refuses to change %s',
    async (table) => {
      await post(posting(newId('partner'), 'payment_received', { amount: 7n }));
      await expect(run(`delete from ${table}`)).rejects.toThrow('the ledger is append-only');
      await expect(run(`update ${table} set partner_id = 'par_other'`)).rejects.toThrow(
        'the ledger is append-only',
      );
      await expect(run(`truncate ${table} cascade`)).rejects.toThrow('the ledger is append-only');
    },
  );
});
