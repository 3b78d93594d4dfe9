import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** What partners have granted to the people of GridWorks, and the sessions that used it. */
export class CreateSupportAccess1796860920000 implements Migration {
  readonly name = 'CreateSupportAccess1796860920000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table support_accesses (
        id text collate "C" primary key,
        partner_id text collate "C" not null references partners (id),
        access text not null check (access in ('read', 'write')),
        granted_by text collate "C" not null references users (id),
        granted_at timestamptz not null,
        expires_at timestamptz not null check (expires_at <= granted_at + interval '24 hours'),
        revoked_at timestamptz
      )`);
    await runner.query('create index support_accesses_partner_idx on support_accesses (partner_id, id)');
    // The row of a session is deleted some time after its end; this one stays.
    await runner.query(`
      create table impersonations (
        session_id text collate "C" primary key,
        support_access_id text collate "C" not null references support_accesses (id),
        impersonator text collate "C" not null references users (id),
        reason text not null,
        started_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz
      )`);
    await runner.query('create index impersonations_access_idx on impersonations (support_access_id)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table impersonations');
    await runner.query('drop table support_accesses');
  }
}
