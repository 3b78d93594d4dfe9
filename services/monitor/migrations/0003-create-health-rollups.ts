import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

export class CreateHealthRollups1795910400000 implements Migration {
  readonly name = 'CreateHealthRollups1795910400000';

  async up(runner: Runner): Promise<void> {
    // The rows of the present minute, hour and day are updated every few seconds: the fill factor leaves room
    // for that on their page.
    await runner.query(`
      create table health_rollups (
        component text not null,
        step text not null check (step in ('minute', 'hour', 'day')),
        starts_at timestamptz not null,
        up_s double precision not null,
        degraded_s double precision not null,
        down_s double precision not null,
        unknown_s double precision not null,
        primary key (component, step, starts_at)
      ) with (fillfactor = 70)`);
    await runner.query('create index on health_rollups (step, starts_at)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table health_rollups');
  }
}
