import { dropListOrder, keepListOrder, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * OAuth: the applications of partners, what the provider stores of its exchanges, who lets which application act for them,
 * access tokens that were revoked before their end, and the keys that sign.
 */
export class CreateOAuth1797033600000 implements Migration {
  readonly name = 'CreateOAuth1797033600000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table applications (
        id text collate "C" primary key,
        partner_id text collate "C" not null constraint applications_partner_id_fkey references partners (id),
        name text not null,
        kind text not null constraint applications_kind_check check (kind in ('service', 'web', 'native')),
        redirect_uris text[] not null,
        scopes text[] not null,
        secret_digest text collate "C" constraint applications_secret_digest_check check (length(secret_digest) = 64),
        secret_last4 text,
        old_secret_digest text collate "C",
        old_secret_expires_at timestamptz,
        created_by text collate "C" not null constraint applications_created_by_fkey references users (id),
        created_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        constraint applications_secret_check check ((kind = 'native') = (secret_digest is null))
      )`);
    await keepListOrder(runner, { table: 'applications', by: 'partner_id' });
    await runner.query(`
      create table oauth_records (
        model text not null,
        digest text collate "C" not null check (length(digest) = 64),
        payload jsonb not null,
        grant_id text collate "C",
        uid text collate "C",
        client_id text collate "C",
        account_id text collate "C",
        consumed_at timestamptz,
        expires_at timestamptz not null,
        primary key (model, digest)
      )`);
    await runner.query('create index oauth_records_grant_idx on oauth_records (grant_id)');
    await runner.query('create index oauth_records_client_idx on oauth_records (client_id, account_id)');
    await runner.query('create index oauth_records_expires_idx on oauth_records (expires_at)');
    await runner.query(`
      create table application_accesses (
        user_id text collate "C" not null references users (id),
        application_id text collate "C" not null references applications (id),
        partner_id text collate "C" not null references partners (id),
        scopes text[] not null,
        first_accepted_at timestamptz not null,
        last_accepted_at timestamptz not null,
        primary key (user_id, application_id)
      )`);
    await runner.query(`
      create table revoked_access_tokens (
        digest text collate "C" primary key check (length(digest) = 64),
        expires_at timestamptz not null
      )`);
    await runner.query(
      'create index revoked_access_tokens_expires_idx on revoked_access_tokens (expires_at)',
    );
    await runner.query(`
      create table signing_keys (
        kid text collate "C" primary key,
        public_jwk jsonb not null,
        private_key text not null,
        created_at timestamptz not null,
        activates_at timestamptz not null,
        retires_at timestamptz
      )`);
    for (const table of ['applications', 'application_accesses']) await protectTenants(runner, table);
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['signing_keys', 'revoked_access_tokens', 'application_accesses', 'oauth_records'])
      await runner.query(`drop table ${table}`);
    await dropListOrder(runner, { table: 'applications' });
    await runner.query('drop table applications');
  }
}
