import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

export class CreateSystemHealthChecks1795262400000 implements Migration {
  readonly name = 'CreateSystemHealthChecks1795262400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table system_health_checks (
        id bigint generated always as identity primary key,
        component text not null,
        status text not null check (status in ('pass', 'warn', 'fail', 'unknown')),
        observed_at timestamptz not null,
        latency_ms double precision,
        detail text
      )`);
    // Rows arrive in the order of time: a block range index costs next to nothing and serves the retention.
    await runner.query('create index on system_health_checks using brin (observed_at)');
    await runner.query('create index on system_health_checks (component, observed_at desc)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table system_health_checks');
  }
}
