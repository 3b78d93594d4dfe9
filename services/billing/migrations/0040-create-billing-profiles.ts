import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Whom the invoices of a partner are addressed to. A partner without a row has set nothing yet. */
export class CreateBillingProfiles1797812400000 implements Migration {
  readonly name = 'CreateBillingProfiles1797812400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table billing_profiles (
        partner_id text collate "C" primary key,
        legal_name text not null,
        address_lines text[] not null check (cardinality(address_lines) between 1 and 3),
        city text not null,
        postal_code text,
        country text collate "C" not null check (country ~ '^[A-Z]{2}$'),
        state text collate "C",
        tax_id text collate "C",
        currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
        locale text collate "C" not null,
        time_zone text collate "C" not null,
        email text not null,
        updated_at timestamptz not null
      )`);
    await protectTenants(runner, 'billing_profiles');
  }

  async down(runner: Runner): Promise<void> {
    await exposeTenants(runner, 'billing_profiles');
    await runner.query('drop table billing_profiles');
  }
}
