import {
  dropListOrder,
  exposeTenants,
  keepListOrder,
  type MigrationClass,
  protectTenants,
} from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const TABLES = ['credit_movements', 'credit_grants'] as const;

/**
 * Credit of partners. Movements are only ever inserted, and what is left of a grant is the sum of its movements: the database refuses
 * to commit anything else, so that no credit is burned twice or below zero.
 */
export class CreateCredits1798416000000 implements Migration {
  readonly name = 'CreateCredits1798416000000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table credit_grants (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        kind text collate "C" not null check (kind in ('prepaid', 'promotional')),
        currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
        amount bigint not null check (amount > 0),
        remaining bigint not null check (remaining between 0 and amount),
        granted_at timestamptz not null,
        expires_at timestamptz,
        reason text not null,
        granted_by text collate "C",
        invoice_id text collate "C" unique references invoices,
        expiry_told_at timestamptz,
        expired_at timestamptz,
        voided_at timestamptz,
        check (expires_at is null or expires_at > granted_at),
        check (invoice_id is null or kind = 'prepaid'),
        check (remaining = 0 or voided_at is null)
      )`);
    await runner.query(
      'create index credit_grants_left_idx on credit_grants (partner_id, id) where remaining > 0',
    );
    await runner.query(
      'create index credit_grants_expiry_idx on credit_grants (expires_at) where remaining > 0',
    );
    await runner.query(`
      create table credit_movements (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        grant_id text collate "C" not null references credit_grants,
        kind text collate "C" not null check (kind in ('granted', 'burned', 'returned', 'expired', 'voided')),
        amount bigint not null check (amount <> 0 and (amount > 0) = (kind in ('granted', 'returned'))),
        currency text collate "C" not null,
        invoice_id text collate "C" references invoices,
        at timestamptz not null,
        check ((invoice_id is not null) = (kind in ('burned', 'returned')))
      )`);
    await runner.query('create index credit_movements_grant_idx on credit_movements (grant_id)');
    // An invoice burns a grant once, and gives it back once.
    await runner.query(
      'create unique index credit_movements_invoice_idx on credit_movements (invoice_id, grant_id, kind)',
    );
    for (const table of TABLES) await keepListOrder(runner, { table, by: 'partner_id' });
    await this.#protect(runner);
    for (const table of TABLES) await protectTenants(runner, table);
  }

  async #protect(runner: Runner): Promise<void> {
    await runner.query(`
      create function keep_credit() returns trigger language plpgsql as $$
      declare
        may_change constant text[] := case tg_table_name when 'credit_movements' then '{list_position}'::text[]
          else '{remaining,expires_at,expiry_told_at,expired_at,voided_at,list_position}'::text[] end;
      begin
        if tg_op = 'DELETE' or to_jsonb(new) - may_change <> to_jsonb(old) - may_change then
          raise exception '% of % is kept: % is refused', tg_table_name, old.id, tg_op using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$`);
    // Checked during COMMIT, when the movement and what is left are both written.
    await runner.query(`
      create function require_credit_balance() returns trigger language plpgsql as $$
      declare
        grant_of text := case tg_table_name when 'credit_movements' then to_jsonb(new) ->> 'grant_id' else new.id end;
        kept bigint := (select remaining from credit_grants where id = grant_of);
        moved bigint := (select sum(amount) from credit_movements where grant_id = grant_of);
      begin
        if kept is distinct from moved then
          raise exception 'credit grant % has % left, and its movements %', grant_of, kept, moved using errcode = 'check_violation';
        end if;
        return null;
      end $$`);
    for (const table of TABLES) {
      await runner.query(`
        create trigger ${table}_keep before update or delete on ${table}
        for each row execute function keep_credit()`);
      await runner.query(`
        create trigger ${table}_keep_all before truncate on ${table}
        for each statement execute function refuse_ledger_change()`);
      await runner.query(`
        create constraint trigger ${table}_balance after insert or update on ${table}
        deferrable initially deferred for each row execute function require_credit_balance()`);
    }
  }

  async down(runner: Runner): Promise<void> {
    for (const table of TABLES) {
      await exposeTenants(runner, table);
      await dropListOrder(runner, { table });
      await runner.query(`drop table ${table}`);
    }
    for (const name of ['keep_credit()', 'require_credit_balance()'])
      await runner.query(`drop function ${name}`);
  }
}
