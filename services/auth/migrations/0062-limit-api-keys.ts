import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Keys get limits of their own. */
export class LimitApiKeys1797552120000 implements Migration {
  readonly name = 'LimitApiKeys1797552120000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`alter table api_keys add column limits jsonb not null default '[]'`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys drop column limits');
  }
}
