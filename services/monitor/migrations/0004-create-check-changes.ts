import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Ids are ASCII and sort by age only when compared byte by byte, hence collation "C". */
export class CreateCheckChanges1796083200000 implements Migration {
  readonly name = 'CreateCheckChanges1796083200000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table check_changes (
        id text collate "C" primary key,
        check_name text not null,
        changed_by text not null,
        changed_at timestamptz not null,
        before jsonb not null,
        after jsonb not null
      )`);
    await runner.query('create index on check_changes (check_name, id desc)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table check_changes');
  }
}
