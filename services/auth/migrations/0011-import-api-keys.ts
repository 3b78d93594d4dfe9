import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** A key that was taken over by its digest is told from one that was made here. */
export class ImportApiKeys1796947260000 implements Migration {
  readonly name = 'ImportApiKeys1796947260000';

  async up(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys add column imported boolean not null default false');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys drop column imported');
  }
}
