import {
  dropListOrder,
  exposeTenants,
  keepListOrder,
  type MigrationClass,
  protectTenants,
} from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const TABLES = [
  'provider_events',
  'dunning_cases',
  'payment_attempts',
  'payment_methods',
  'payment_customers',
] as const;
const OPEN = `('created', 'submitted', 'unknown', 'processing', 'requires_action')`;

/**
 * Payments. The database holds what must never go wrong: an invoice has one open attempt at most; what has succeeded stays so and is in the
 * ledger; and no payment fails without dunning, whichever way it failed.
 */
export class CreatePayments1798329600000 implements Migration {
  readonly name = 'CreatePayments1798329600000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table payment_customers (
        partner_id text collate "C" not null,
        provider text collate "C" not null,
        customer_id text collate "C" not null,
        created_at timestamptz not null,
        next_look_at timestamptz,
        primary key (partner_id, provider),
        unique (provider, customer_id)
      )`);
    await runner.query(`
      create table payment_methods (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        provider text collate "C" not null,
        provider_method_id text collate "C" not null,
        kind text collate "C" not null,
        brand text,
        last4 text,
        expires_month int,
        expires_year int,
        is_default boolean not null default false,
        created_at timestamptz not null,
        removed_at timestamptz,
        unique (provider, provider_method_id),
        check (not is_default or removed_at is null)
      )`);
    await runner.query('create index payment_methods_partner_idx on payment_methods (partner_id, id)');
    await runner.query(
      'create unique index payment_methods_default_idx on payment_methods (partner_id) where is_default',
    );
    await keepListOrder(runner, { table: 'payment_methods', by: 'partner_id' });
    await this.#attempts(runner);
    await runner.query(`
      create table dunning_cases (
        invoice_id text collate "C" primary key references invoices,
        partner_id text collate "C" not null,
        state text collate "C" not null default 'open' check (state in ('open', 'overdue', 'recovered', 'closed')),
        started_at timestamptz not null,
        done int not null default 0,
        next_at timestamptz,
        ended_at timestamptz,
        check (state = 'open' or next_at is null)
      )`);
    await runner.query(
      'create index dunning_cases_due_idx on dunning_cases (next_at) where next_at is not null',
    );
    await runner.query(`
      create table provider_events (
        provider text collate "C" not null,
        id text collate "C" not null,
        partner_id text collate "C",
        type text not null,
        attempt_id text collate "C",
        customer_id text collate "C",
        received_at timestamptz not null,
        times int not null default 1,
        primary key (provider, id)
      )`);
    await runner.query('create index provider_events_age_idx on provider_events (received_at)');
    await runner.query(
      `create index invoices_unpaid_idx on invoices (id) where status = 'finalized' and payment_status = 'unpaid'`,
    );
    await this.#protect(runner);
    for (const table of TABLES) await protectTenants(runner, table);
  }

  async #attempts(runner: Runner): Promise<void> {
    await runner.query(`
      create table payment_attempts (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        invoice_id text collate "C" not null references invoices,
        kind text collate "C" not null check (kind in ('charge', 'refund', 'transfer')),
        state text collate "C" not null
          check (state in ('created', 'submitted', 'unknown', 'processing', 'requires_action', 'succeeded', 'failed', 'canceled')),
        amount bigint not null check (amount > 0),
        currency text collate "C" not null,
        provider text collate "C",
        method_id text collate "C" references payment_methods,
        provider_id text collate "C",
        refunds text collate "C" references payment_attempts,
        reference text,
        is_payer_present boolean not null default false,
        code text,
        action_url text,
        created_at timestamptz not null,
        submitted_at timestamptz,
        settled_at timestamptz,
        next_look_at timestamptz,
        looks int not null default 0,
        check ((kind = 'transfer') = (provider is null) and (kind = 'transfer') = (reference is not null)),
        check ((kind = 'charge') = (method_id is not null)),
        check ((kind = 'refund') = (refunds is not null)),
        check (kind <> 'transfer' or state = 'succeeded'),
        check ((settled_at is not null) = (state in ('succeeded', 'failed', 'canceled'))),
        check ((submitted_at is not null) or state in ('created', 'canceled') or kind = 'transfer')
      )`);
    // An attempt whose outcome is not known locks its invoice.
    await runner.query(
      `create unique index payment_attempts_open_idx on payment_attempts (invoice_id) where state in ${OPEN}`,
    );
    await runner.query(
      `create unique index payment_attempts_transfer_idx on payment_attempts (invoice_id, reference) where kind = 'transfer'`,
    );
    await runner.query('create index payment_attempts_invoice_idx on payment_attempts (invoice_id, id)');
    await runner.query('create index payment_attempts_partner_idx on payment_attempts (partner_id, id)');
    await runner.query(
      'create index payment_attempts_due_idx on payment_attempts (next_look_at) where next_look_at is not null',
    );
    await keepListOrder(runner, { table: 'payment_attempts', by: 'invoice_id' });
  }

  async #protect(runner: Runner): Promise<void> {
    await runner.query(`
      create function keep_settled_payment() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          raise exception 'payment % is kept', old.id using errcode = 'insufficient_privilege';
        end if;
        if (old.state in ('succeeded', 'canceled') and new.state <> old.state)
           or (old.state = 'failed' and new.state not in ('failed', 'succeeded'))
           or (new.partner_id, new.invoice_id, new.kind, new.amount, new.currency) is distinct from
              (old.partner_id, old.invoice_id, old.kind, old.amount, old.currency) then
          raise exception 'payment % is settled: the change is refused', old.id using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger payment_attempts_keep before update or delete on payment_attempts
      for each row execute function keep_settled_payment()`);
    // Checked during COMMIT: the posting and the case are written in the transaction of the outcome.
    await runner.query(`
      create function require_consequences() returns trigger language plpgsql as $$
      begin
        if new.state = 'succeeded' and not exists (
             select from ledger_transactions where reference = new.id
             and kind = case new.kind when 'refund' then 'refund_paid' else 'payment_received' end) then
          raise exception 'payment % has succeeded and is not in the ledger', new.id using errcode = 'check_violation';
        end if;
        if new.state = 'failed' and new.kind = 'charge'
           and exists (select from invoices where id = new.invoice_id and status = 'finalized' and payment_status = 'unpaid')
           and not exists (select from dunning_cases where invoice_id = new.invoice_id) then
          raise exception 'payment % has failed without dunning', new.id using errcode = 'check_violation';
        end if;
        return null;
      end $$`);
    await runner.query(`
      create constraint trigger payment_attempts_consequences after insert or update of state on payment_attempts
      deferrable initially deferred for each row execute function require_consequences()`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop index invoices_unpaid_idx');
    for (const table of ['payment_attempts', 'payment_methods']) await dropListOrder(runner, { table });
    for (const table of TABLES) {
      await exposeTenants(runner, table);
      await runner.query(`drop table ${table}`);
    }
    for (const name of ['keep_settled_payment()', 'require_consequences()'])
      await runner.query(`drop function ${name}`);
  }
}
