import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const TABLES = ['ledger_entries', 'ledger_transactions', 'ledger_accounts'] as const;

/**
 * The double-entry ledger. Rows are only ever inserted, and a transaction whose entries do not sum to zero in each currency cannot be
 * committed: the database refuses both, whatever the code does. The keys over several columns keep an entry in the
 * currency of its account, and everything of a transaction with one partner.
 */
export class CreateLedger1797552000000 implements Migration {
  readonly name = 'CreateLedger1797552000000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table ledger_accounts (
        id bigint generated always as identity primary key,
        partner_id text collate "C" not null,
        name text collate "C" not null,
        currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
        unique (partner_id, name, currency),
        unique (id, partner_id, currency)
      )`);
    await runner.query(`
      create table ledger_transactions (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        kind text collate "C" not null,
        reference text collate "C" not null,
        at timestamptz not null,
        unique (kind, reference),
        unique (id, partner_id)
      )`);
    await runner.query(`
      create table ledger_entries (
        id bigint generated always as identity primary key,
        transaction_id text collate "C" not null,
        partner_id text collate "C" not null,
        account_id bigint not null,
        currency text collate "C" not null,
        amount bigint not null check (amount <> 0),
        foreign key (transaction_id, partner_id) references ledger_transactions (id, partner_id),
        foreign key (account_id, partner_id, currency) references ledger_accounts (id, partner_id, currency)
      )`);
    await runner.query('create index ledger_entries_transaction_idx on ledger_entries (transaction_id)');
    await runner.query('create index ledger_entries_account_idx on ledger_entries (account_id, id)');
    await runner.query(
      'create index ledger_transactions_partner_idx on ledger_transactions (partner_id, at)',
    );
    await this.#balance(runner);
    await this.#protect(runner);
    for (const table of TABLES) await protectTenants(runner, table);
  }

  /** Checked during COMMIT, when all entries of a transaction are there. */
  async #balance(runner: Runner): Promise<void> {
    await runner.query(`
      create function require_balance() returns trigger language plpgsql as $$
      declare
        transaction text := case tg_table_name when 'ledger_entries' then to_jsonb(new) ->> 'transaction_id' else new.id::text end;
        fault text;
      begin
        select format('%s %s', sum(amount), currency) into fault from ledger_entries
        where transaction_id = transaction group by currency having sum(amount) <> 0 limit 1;
        if found then
          raise exception 'ledger transaction % is not balanced: %', transaction, fault using errcode = 'check_violation';
        end if;
        if not exists (select from ledger_entries where transaction_id = transaction) then
          raise exception 'ledger transaction % has no entries', transaction using errcode = 'check_violation';
        end if;
        return null;
      end $$`);
    for (const table of ['ledger_entries', 'ledger_transactions'])
      await runner.query(`
        create constraint trigger ${table}_balance after insert on ${table}
        deferrable initially deferred for each row execute function require_balance()`);
  }

  async #protect(runner: Runner): Promise<void> {
    await runner.query(`
      create function refuse_ledger_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name
          using errcode = 'insufficient_privilege';
      end $$`);
    for (const table of TABLES) {
      await runner.query(`
        create trigger ${table}_keep before update or delete on ${table}
        for each row execute function refuse_ledger_change()`);
      await runner.query(`
        create trigger ${table}_keep_all before truncate on ${table}
        for each statement execute function refuse_ledger_change()`);
    }
  }

  async down(runner: Runner): Promise<void> {
    for (const table of TABLES) {
      await exposeTenants(runner, table);
      await runner.query(`drop table ${table}`);
    }
    for (const name of ['require_balance()', 'refuse_ledger_change()'])
      await runner.query(`drop function ${name}`);
  }
}
