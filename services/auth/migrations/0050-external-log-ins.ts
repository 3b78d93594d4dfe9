import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Log-ins at providers: those that belong to users, and the browsers that are on their way to a provider. */
export class ExternalLogIns1797638400000 implements Migration {
  readonly name = 'ExternalLogIns1797638400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table external_identities (
        id text collate "C" primary key,
        user_id text collate "C" not null references users (id),
        provider text not null,
        subject text not null,
        email text,
        linked_at timestamptz not null,
        last_used_at timestamptz,
        constraint external_identities_subject_key unique (provider, subject)
      )`);
    await runner.query(
      'create index external_identities_user_idx on external_identities (user_id, linked_at)',
    );
    await runner.query(`
      create table log_in_attempts (
        digest text collate "C" primary key check (length(digest) = 64),
        purpose text not null check (purpose in ('log_in', 'link', 'prove', 'test')),
        provider text not null,
        user_id text collate "C" references users (id),
        browser_digest text collate "C" not null
          constraint log_in_attempts_browser_check check (length(browser_digest) = 64),
        nonce text not null,
        verifier text not null,
        redirect_uri text not null,
        return_to text,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        identity jsonb,
        closed_at timestamptz,
        constraint log_in_attempts_user_check check ((purpose = 'log_in') = (user_id is null))
      )`);
    await runner.query('create index log_in_attempts_expires_idx on log_in_attempts (expires_at)');
    // What a log-in that still needs its second factor has proved; null: the password.
    await runner.query('alter table challenges add column first_method text');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table challenges drop column first_method');
    await runner.query('drop table log_in_attempts');
    await runner.query('drop table external_identities');
  }
}
