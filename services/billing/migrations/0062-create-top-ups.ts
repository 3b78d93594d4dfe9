import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Invoices for credit, and when credit is ordered by itself. A top-up that is paid has its credit, or its payment cannot be committed. */
export class CreateTopUps1798423200000 implements Migration {
  readonly name = 'CreateTopUps1798423200000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      alter table invoices add column purpose text collate "C" not null default 'charges'
        check (purpose in ('charges', 'top_up', 'auto_top_up'))`);
    await runner.query(
      `create index invoices_top_up_idx on invoices (partner_id, finalized_at) where purpose <> 'charges'`,
    );
    await runner.query(`
      create table auto_top_ups (
        partner_id text collate "C" primary key,
        currency text collate "C" not null,
        is_on boolean not null,
        threshold bigint not null check (threshold >= 0),
        amount bigint not null check (amount > 0),
        monthly_limit bigint not null check (monthly_limit >= amount),
        low_told_at timestamptz,
        updated_at timestamptz not null
      )`);
    await runner.query(`
      create function require_top_up_credit() returns trigger language plpgsql as $$
      begin
        if new.purpose <> 'charges' and new.payment_status = 'paid'
           and not exists (select from credit_grants where invoice_id = new.id) then
          raise exception 'top-up % is paid and has no credit', new.id using errcode = 'check_violation';
        end if;
        return null;
      end $$`);
    await runner.query(`
      create constraint trigger invoices_top_up_credit after insert or update of payment_status on invoices
      deferrable initially deferred for each row execute function require_top_up_credit()`);
    await protectTenants(runner, 'auto_top_ups');
  }

  async down(runner: Runner): Promise<void> {
    await exposeTenants(runner, 'auto_top_ups');
    await runner.query('drop table auto_top_ups');
    await runner.query('drop trigger invoices_top_up_credit on invoices');
    await runner.query('drop function require_top_up_credit()');
    await runner.query('alter table invoices drop column purpose');
  }
}
