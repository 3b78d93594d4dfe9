import {
  dropListOrder,
  exposeTenants,
  keepListOrder,
  type MigrationClass,
  protectTenants,
} from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * Invoices and credit notes. The database holds the two promises that the law asks for: numbers of a series have no gaps, since
 * a number is given by a row that stays locked until COMMIT; and what is finalized does not change any more.
 */
export class CreateInvoices1797638400000 implements Migration {
  readonly name = 'CreateInvoices1797638400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table invoice_series (
        id text collate "C" primary key,
        last_number bigint not null check (last_number > 0)
      )`);
    await runner.query(`
      create table invoices (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        type text collate "C" not null check (type in ('invoice', 'credit_note')),
        status text collate "C" not null default 'draft' check (status in ('draft', 'finalized', 'voided')),
        payment_status text collate "C" not null default 'unpaid'
          check (payment_status in ('unpaid', 'paid', 'refunded', 'written_off')),
        series text collate "C" references invoice_series,
        number bigint,
        corrects text collate "C" references invoices,
        currency text collate "C" not null,
        net bigint not null,
        tax bigint not null,
        total bigint not null check (total = net + tax and total >= 0),
        document jsonb not null,
        created_at timestamptz not null,
        finalized_at timestamptz,
        voided_at timestamptz,
        unique (series, number),
        check ((status = 'draft') = (number is null)),
        check ((number is null) = (series is null) and (number is null) = (finalized_at is null)),
        check ((status = 'voided') = (voided_at is not null)),
        check ((type = 'credit_note') = (corrects is not null))
      )`);
    await runner.query('create index invoices_partner_idx on invoices (partner_id, id)');
    await runner.query('create index invoices_corrects_idx on invoices (corrects)');
    await keepListOrder(runner, { table: 'invoices', by: 'partner_id' });
    await this.#protect(runner);
    await protectTenants(runner, 'invoices');
  }

  async #protect(runner: Runner): Promise<void> {
    await runner.query(`
      create function keep_finalized_invoice() returns trigger language plpgsql as $$
      declare
        may_change constant text[] := '{status,voided_at,payment_status,list_position}';
      begin
        if old.status = 'draft' then return case tg_op when 'DELETE' then old else new end; end if;
        if tg_op = 'DELETE' or to_jsonb(new) - may_change <> to_jsonb(old) - may_change
           or new.status not in (old.status, 'voided') then
          raise exception 'invoice % is finalized: % is refused', old.id, tg_op using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger invoices_keep before update or delete on invoices
      for each row execute function keep_finalized_invoice()`);
    await runner.query(`
      create trigger invoices_keep_all before truncate on invoices
      for each statement execute function refuse_ledger_change()`);
  }

  async down(runner: Runner): Promise<void> {
    await exposeTenants(runner, 'invoices');
    await dropListOrder(runner, { table: 'invoices' });
    await runner.query('drop table invoices');
    await runner.query('drop table invoice_series');
    await runner.query('drop function keep_finalized_invoice()');
  }
}
