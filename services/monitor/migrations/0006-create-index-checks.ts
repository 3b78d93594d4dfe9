import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** When each index of the portal's database was last read, and what was wrong with it. */
export class CreateIndexChecks1796083320000 implements Migration {
  readonly name = 'CreateIndexChecks1796083320000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table index_checks (
        index_oid oid primary key,
        checked_at timestamptz not null,
        -- Null: nothing was wrong.
        damage text,
        -- The time that an index may take was not enough.
        is_unfinished boolean not null default false
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table index_checks');
  }
}
