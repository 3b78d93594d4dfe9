import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Ids are ASCII and sort by age only when compared byte by byte, hence collation "C". */
export class CreateSupportTables1795262400000 implements Migration {
  readonly name = 'CreateSupportTables1795262400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table tickets (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        subject text not null,
        body text not null,
        status text not null check (status in ('open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed')),
        priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
        version integer not null check (version >= 1),
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query('create index tickets_partner_idx on tickets (partner_id, id desc)');
    await runner.query('create index tickets_partner_status_idx on tickets (partner_id, status, id desc)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table tickets');
  }
}
