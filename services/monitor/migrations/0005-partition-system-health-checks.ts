import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * A partition for each day, UTC, so that a day is deleted by dropping its table. Partitions are made by whoever writes
 * the first row of a day. Rows are kept: they are copied, at most a week of them.
 */
export class PartitionSystemHealthChecks1796083260000 implements Migration {
  readonly name = 'PartitionSystemHealthChecks1796083260000';

  async up(runner: Runner): Promise<void> {
    await runner.query('alter table system_health_checks rename to system_health_checks_whole');
    // An identity column of a partitioned table needs PostgreSQL 17.
    await runner.query('create sequence system_health_checks_ids');
    await runner.query(`
      create table system_health_checks (
        id bigint not null default nextval('system_health_checks_ids'),
        component text not null,
        status text not null check (status in ('pass', 'warn', 'fail', 'unknown')),
        observed_at timestamptz not null,
        latency_ms double precision,
        detail text
      ) partition by range (observed_at)`);
    await runner.query('alter sequence system_health_checks_ids owned by system_health_checks.id');
    await runner.query('create index on system_health_checks (component, observed_at desc, id desc)');
    await runner.query(`
      do $$
      declare first timestamptz;
      begin
        for first in
          select distinct date_trunc('day', observed_at, 'UTC') from system_health_checks_whole
        loop
          execute format(
            'create table %I partition of system_health_checks for values from (%L) to (%L)',
            'system_health_checks_' || to_char(first at time zone 'UTC', 'YYYYMMDD'),
            first, first + interval '24 hours');
        end loop;
      end $$`);
    await runner.query(`
      insert into system_health_checks (component, status, observed_at, latency_ms, detail)
      select component, status, observed_at, latency_ms, detail from system_health_checks_whole order by id`);
    await runner.query('drop table system_health_checks_whole');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table system_health_checks rename to system_health_checks_days');
    await runner.query(`
      create table system_health_checks (
        id bigint generated always as identity primary key,
        component text not null,
        status text not null check (status in ('pass', 'warn', 'fail', 'unknown')),
        observed_at timestamptz not null,
        latency_ms double precision,
        detail text
      )`);
    await runner.query('create index on system_health_checks using brin (observed_at)');
    await runner.query('create index on system_health_checks (component, observed_at desc)');
    await runner.query(`
      insert into system_health_checks (component, status, observed_at, latency_ms, detail)
      select component, status, observed_at, latency_ms, detail from system_health_checks_days order by id`);
    await runner.query('drop table system_health_checks_days');
  }
}
