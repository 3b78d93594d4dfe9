import { type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Domains of partners. A row is verified on its own; one partner at a time owns a verified domain. */
export class CreateVerifiedDomains1797552000000 implements Migration {
  readonly name = 'CreateVerifiedDomains1797552000000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table verified_domains (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        domain text collate "C" not null check (domain = lower(domain)),
        token text not null,
        created_by text collate "C" not null references users (id),
        created_at timestamptz not null,
        verified_at timestamptz,
        last_checked_at timestamptz,
        failed_since timestamptz,
        constraint verified_domains_partner_key unique (partner_id, domain)
      )`);
    await runner.query(
      'create unique index verified_domains_owner_key on verified_domains (domain) where verified_at is not null',
    );
    await protectTenants(runner, 'verified_domains');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table verified_domains');
  }
}
