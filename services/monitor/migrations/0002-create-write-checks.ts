import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

export class CreateWriteChecks1795824000000 implements Migration {
  readonly name = 'CreateWriteChecks1795824000000';

  async up(runner: Runner): Promise<void> {
    // One row that is written again and again: its dead versions stay on one page, which is pruned by later
    // writes.
    await runner.query(`
      create table write_checks (
        id smallint primary key check (id = 1),
        written_at timestamptz not null
      ) with (fillfactor = 10)`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table write_checks');
  }
}
