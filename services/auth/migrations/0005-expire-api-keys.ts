import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** A key that is replaced goes on for a while, then ends by itself. */
export class ExpireApiKeys1795910400000 implements Migration {
  readonly name = 'ExpireApiKeys1795910400000';

  async up(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys add column expires_at timestamptz');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys drop column expires_at');
  }
}
