import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** A replaced key stays valid for the overlap, then expires. */
export class ExpireApiKeys1795910400000 implements Migration {
  readonly name = 'ExpireApiKeys1795910400000';

  async up(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys add column expires_at timestamptz');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table api_keys drop column expires_at');
  }
}
