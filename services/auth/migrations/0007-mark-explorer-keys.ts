import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Keys that the API explorer makes are told from those of programs, and a person's are found by index. */
export class MarkExplorerKeys1795996800000 implements Migration {
  readonly name = 'MarkExplorerKeys1795996800000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      alter table api_keys
        add column purpose text not null default 'program'
          constraint api_keys_purpose_check check (purpose in ('program', 'explorer'))`);
    await runner.query(
      `create index api_keys_explorer_idx on api_keys (created_by, created_at)
       where purpose = 'explorer' and revoked_at is null`,
    );
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop index api_keys_explorer_idx');
    await runner.query('alter table api_keys drop column purpose');
  }
}
