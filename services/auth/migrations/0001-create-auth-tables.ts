import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Ids are ASCII and sort by age only when compared byte by byte, hence collation "C". */
export class CreateAuthTables1795262400000 implements Migration {
  readonly name = 'CreateAuthTables1795262400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table partners (
        id text collate "C" primary key,
        name text not null,
        created_at timestamptz not null
      )`);
    await runner.query(`
      create table users (
        id text collate "C" primary key,
        partner_id text collate "C" references partners (id),
        email text not null,
        password_hash text not null,
        role text not null check (role in ('owner', 'member', 'admin')),
        created_at timestamptz not null,
        check ((role = 'admin') = (partner_id is null))
      )`);
    await runner.query('create unique index users_email_key on users (lower(email))');
    await runner.query('create index users_partner_idx on users (partner_id)');
    await runner.query(`
      create table sessions (
        id text collate "C" primary key,
        user_id text collate "C" not null references users (id),
        digest text collate "C" not null unique check (length(digest) = 64),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz
      )`);
    await runner.query('create index sessions_user_idx on sessions (user_id, expires_at)');
    await runner.query(`
      create table api_keys (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        created_by text collate "C" not null references users (id),
        name text not null,
        mode text not null check (mode in ('live', 'test')),
        digest text collate "C" not null unique check (length(digest) = 64),
        last4 text not null,
        created_at timestamptz not null,
        revoked_at timestamptz
      )`);
    await runner.query('create index api_keys_partner_idx on api_keys (partner_id, id desc)');
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['api_keys', 'sessions', 'users', 'partners'])
      await runner.query(`drop table ${table}`);
  }
}
