import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * Second factors: authenticator apps, recovery codes, passkeys, and the challenges of log-ins. A session has the time and
 * the methods of its last proof; both may be null, since instances of the release before still insert rows while this one
 * starts. A user without a password logs in with a passkey.
 */
export class SecondFactors1796169600000 implements Migration {
  readonly name = 'SecondFactors1796169600000';

  async up(runner: Runner): Promise<void> {
    await runner.query('alter table users alter column password_hash drop not null');
    await runner.query(
      'alter table sessions add column authenticated_at timestamptz, add column methods text[]',
    );
    await runner.query(`
      create table totp_factors (
        user_id text collate "C" primary key references users(id),
        secret text not null,
        created_at timestamptz not null,
        confirmed_at timestamptz,
        last_used_at timestamptz,
        last_step bigint
      )`);
    await runner.query(`
      create table recovery_codes (
        user_id text collate "C" not null references users(id),
        digest text collate "C" not null check (length(digest) = 64),
        created_at timestamptz not null,
        used_at timestamptz,
        primary key (user_id, digest)
      )`);
    await runner.query(`
      create table passkeys (
        id text collate "C" primary key,
        user_id text collate "C" not null references users(id),
        credential_id text not null constraint passkeys_credential_id_key unique,
        public_key text not null,
        counter bigint not null,
        transports text[] not null,
        synced boolean not null,
        name text not null,
        created_at timestamptz not null,
        last_used_at timestamptz
      )`);
    await runner.query('create index passkeys_user_idx on passkeys (user_id, created_at)');
    await runner.query(`
      create table challenges (
        digest text collate "C" primary key check (length(digest) = 64),
        purpose text not null check (purpose in ('log_in', 'step_up', 'passkey')),
        user_id text collate "C" references users(id),
        nonce text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz
      )`);
    await runner.query('create index challenges_expires_idx on challenges (expires_at)');
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['challenges', 'passkeys', 'recovery_codes', 'totp_factors'])
      await runner.query(`drop table ${table}`);
    await runner.query('alter table sessions drop column methods, drop column authenticated_at');
    await runner.query(`update users set password_hash = 'removed' where password_hash is null`);
    await runner.query('alter table users alter column password_hash set not null');
  }
}
