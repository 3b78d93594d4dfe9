import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * A person belongs to any number of partners, with a role in each, and a session acts for one of them. Roles
 * that a partner makes, invitations, and the secrets of links in mails get their tables.
 */
export class MembersAndRoles1796083200000 implements Migration {
  readonly name = 'MembersAndRoles1796083200000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table roles (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        name text not null,
        permissions text[] not null,
        created_at timestamptz not null
      )`);
    await runner.query('create unique index roles_name_key on roles (partner_id, lower(name))');
    await runner.query(`
      create table memberships (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        user_id text collate "C" not null references users (id),
        role text not null check (role in ('owner', 'admin', 'developer', 'billing', 'support', 'viewer', 'custom')),
        role_id text collate "C" references roles (id),
        created_at timestamptz not null,
        constraint memberships_role_id_check check ((role = 'custom') = (role_id is not null)),
        constraint memberships_person_key unique (user_id, partner_id)
      )`);
    await runner.query(
      'create index memberships_role_idx on memberships (role_id) where role_id is not null',
    );
    await keepListOrder(runner, { table: 'memberships', by: 'partner_id' });
    await runner.query(`
      insert into memberships (id, partner_id, user_id, role, created_at)
      select 'mem_' || substr(id, 5), partner_id, id, case role when 'owner' then 'owner' else 'developer' end, created_at
      from users where partner_id is not null order by created_at`);
    await runner.query(`
      alter table users
        add column email_confirmed_at timestamptz,
        add column platform_role text
          check (platform_role in ('platform_admin', 'platform_sre', 'platform_support', 'platform_auditor')),
        add column last_partner_id text collate "C" references partners (id)`);
    await runner.query(`update users set platform_role = 'platform_admin' where role = 'admin'`);
    await runner.query('update users set last_partner_id = partner_id');
    await runner.query(
      'alter table sessions add column partner_id text collate "C" references partners (id)',
    );
    await runner.query(
      'update sessions set partner_id = u.partner_id from users u where u.id = sessions.user_id',
    );
    await runner.query('create index sessions_partner_idx on sessions (partner_id, user_id)');
    await runner.query('alter table users drop column role, drop column partner_id');
    await runner.query(`
      create table invitations (
        id text collate "C" primary key,
        list text collate "C" not null,
        partner_id text collate "C" references partners (id),
        email text not null,
        role text not null,
        role_id text collate "C" references roles (id),
        invited_by text collate "C" not null references users (id),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        digest text collate "C" unique,
        sent_at timestamptz,
        ended_at timestamptz,
        accepted_by text collate "C" references users (id)
      )`);
    await runner.query(
      'create unique index invitations_open_key on invitations (list, lower(email)) where ended_at is null',
    );
    await keepListOrder(runner, { table: 'invitations', by: 'list' });
    await runner.query(`
      create table account_tokens (
        id text collate "C" primary key,
        user_id text collate "C" not null references users (id),
        purpose text not null check (purpose in ('confirm-email', 'reset-password')),
        email text not null,
        digest text collate "C" not null unique,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        constraint account_tokens_purpose_key unique (user_id, purpose)
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query(`
      alter table users
        add column partner_id text collate "C" references partners (id),
        add column role text`);
    await runner.query(`
      update users set partner_id = m.partner_id, role = case m.role when 'owner' then 'owner' else 'member' end
      from (select distinct on (user_id) user_id, partner_id, role from memberships order by user_id, created_at) m
      where m.user_id = users.id`);
    await runner.query(`update users set role = 'admin' where partner_id is null`);
    await runner.query(`
      alter table users
        alter column role set not null,
        add constraint users_role_check check (role in ('owner', 'member', 'admin')),
        add constraint users_check check ((role = 'admin') = (partner_id is null))`);
    await runner.query('create index users_partner_idx on users (partner_id)');
    await runner.query('drop table account_tokens');
    await dropListOrder(runner, { table: 'invitations', by: 'list' });
    await runner.query('drop table invitations');
    await runner.query('drop index sessions_partner_idx');
    await runner.query('alter table sessions drop column partner_id');
    await runner.query(
      'alter table users drop column last_partner_id, drop column platform_role, drop column email_confirmed_at',
    );
    await dropListOrder(runner, { table: 'memberships', by: 'partner_id' });
    await runner.query('drop table memberships');
    await runner.query('drop table roles');
  }
}
