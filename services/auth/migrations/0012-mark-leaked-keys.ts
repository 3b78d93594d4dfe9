import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** When somebody found the key in public. */
export class MarkLeakedKeys1796947320000 implements Migration {
  readonly name = 'MarkLeakedKeys1796947320000';

  async up(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys add column leaked_at timestamptz');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys drop column leaked_at');
  }
}
