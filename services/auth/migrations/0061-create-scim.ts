import { type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const TABLES = ['scim_tokens', 'scim_accounts', 'scim_users', 'scim_groups', 'scim_group_members'];

/**
 * Provisioning by SCIM: tokens of directories, the users and groups that they made, and the accounts that exist because of
 * them. Whether a user is active is not stored: it is when there is a membership.
 */
export class CreateScim1797552060000 implements Migration {
  readonly name = 'CreateScim1797552060000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table scim_tokens (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        name text not null,
        digest text collate "C" not null unique check (length(digest) = 64),
        last4 text not null,
        created_by text collate "C" not null references users (id),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        last_used_at timestamptz
      )`);
    await runner.query('create index scim_tokens_partner_idx on scim_tokens (partner_id, id)');
    // Which directory has made an account: that directory alone may change it.
    await runner.query(`
      create table scim_accounts (
        user_id text collate "C" primary key references users (id),
        partner_id text collate "C" not null references partners (id),
        created_at timestamptz not null
      )`);
    await runner.query(`
      create table scim_users (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        user_id text collate "C" not null references users (id),
        user_name text not null,
        external_id text,
        display_name text,
        given_name text,
        family_name text,
        manages_role boolean not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint scim_users_person_key unique (partner_id, user_id)
      )`);
    await runner.query(
      'create unique index scim_users_name_key on scim_users (partner_id, lower(user_name))',
    );
    await runner.query('create index scim_users_external_idx on scim_users (partner_id, external_id)');
    await runner.query(`
      create table scim_groups (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        display_name text not null,
        external_id text,
        role text check (role in ('admin', 'developer', 'billing', 'support', 'viewer', 'custom')),
        role_id text collate "C" references roles (id),
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint scim_groups_role_id_check check ((role is not distinct from 'custom') = (role_id is not null))
      )`);
    await runner.query(
      'create unique index scim_groups_name_key on scim_groups (partner_id, lower(display_name))',
    );
    await runner.query(
      'create index scim_groups_role_idx on scim_groups (role_id) where role_id is not null',
    );
    await runner.query(`
      create table scim_group_members (
        group_id text collate "C" not null references scim_groups (id) on delete cascade,
        scim_user_id text collate "C" not null references scim_users (id) on delete cascade,
        partner_id text collate "C" not null references partners (id),
        primary key (group_id, scim_user_id)
      )`);
    await runner.query('create index scim_group_members_user_idx on scim_group_members (scim_user_id)');
    for (const table of TABLES) await protectTenants(runner, table);
    await runner.query(`
      alter table account_tokens drop constraint account_tokens_purpose_check,
        add constraint account_tokens_purpose_check
          check (purpose in ('confirm-email', 'reset-password', 'choose-password'))`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query(`delete from account_tokens where purpose = 'choose-password'`);
    await runner.query(`
      alter table account_tokens drop constraint account_tokens_purpose_check,
        add constraint account_tokens_purpose_check check (purpose in ('confirm-email', 'reset-password'))`);
    await runner.query('drop table scim_group_members');
    await runner.query('drop table scim_groups');
    await runner.query('drop table scim_users');
    await runner.query('drop table scim_accounts');
    await runner.query('drop table scim_tokens');
  }
}
