import { type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Single sign-on: identity providers of partners, who their persons are here, and the sessions that they began. */
export class CreateSso1797638460000 implements Migration {
  readonly name = 'CreateSso1797638460000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table sso_connections (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        kind text not null check (kind in ('oidc', 'saml')),
        name text not null,
        state text not null check (state in ('draft', 'tested', 'enforced', 'off')),
        settings jsonb not null,
        secret text,
        default_role text not null check (default_role in ('developer', 'billing', 'support', 'viewer')),
        created_by text collate "C" not null references users (id),
        created_at timestamptz not null,
        changed_at timestamptz not null,
        tested_at timestamptz,
        enforced_at timestamptz,
        constraint sso_connections_secret_check check ((kind = 'oidc') = (secret is not null))
      )`);
    await runner.query('create index sso_connections_partner_idx on sso_connections (partner_id)');
    await runner.query(
      `create unique index sso_connections_enforced_key on sso_connections (partner_id) where state = 'enforced'`,
    );
    await runner.query(`
      create table sso_identities (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        connection_id text collate "C" not null references sso_connections (id),
        user_id text collate "C" not null references users (id),
        subject text not null,
        created_at timestamptz not null,
        last_used_at timestamptz not null,
        constraint sso_identities_subject_key unique (connection_id, subject)
      )`);
    await runner.query('create index sso_identities_user_idx on sso_identities (user_id)');
    for (const table of ['sso_connections', 'sso_identities']) await protectTenants(runner, table);
    await runner.query(
      'alter table sessions add column sso_connection_id text collate "C" references sso_connections (id)',
    );
    await runner.query(
      'create index sessions_sso_idx on sessions (sso_connection_id) where sso_connection_id is not null',
    );
    await runner.query(`
      alter table log_in_attempts
        alter column provider drop not null,
        add column sso_connection_id text collate "C" references sso_connections (id) on delete cascade,
        add constraint log_in_attempts_provider_check check ((provider is null) = (sso_connection_id is not null))`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('delete from log_in_attempts');
    await runner.query(
      'alter table log_in_attempts drop column sso_connection_id, alter column provider set not null',
    );
    await runner.query('delete from sessions where sso_connection_id is not null');
    await runner.query('alter table sessions drop column sso_connection_id');
    await runner.query('drop table sso_identities');
    await runner.query('drop table sso_connections');
  }
}
