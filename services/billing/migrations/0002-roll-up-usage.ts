import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * Test calls are counted apart from live calls, and calls are summed up by hour and day for charts. Earlier
 * calls count as live; charts begin with this migration, except the days of each key.
 */
export class RollUpUsage1795910400000 implements Migration {
  readonly name = 'RollUpUsage1795910400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      alter table usage_records
        add column mode text not null default 'live' check (mode in ('live', 'test')),
        add column took_ms real`);
    await runner.query(`
      alter table usage_daily
        add column mode text not null default 'live' check (mode in ('live', 'test')),
        add column first_call_at timestamptz`);
    await runner.query(`update usage_daily set first_call_at = day::timestamp at time zone 'UTC'`);
    await runner.query('alter table usage_daily alter column first_call_at set not null');
    await runner.query('create index usage_daily_key_idx on usage_daily (partner_id, api_key_id, day)');
    // One row for each value of one dimension: the dimensions are not combined, so the rows of an hour stay
    // few.
    await runner.query(`
      create table usage_rollups (
        partner_id text collate "C" not null,
        dimension text collate "C" not null check (dimension in ('all', 'key', 'operation', 'status', 'latency')),
        step text collate "C" not null check (step in ('hour', 'day')),
        at timestamptz not null,
        value text collate "C" not null,
        mode text collate "C" not null check (mode in ('live', 'test')),
        calls bigint not null,
        primary key (partner_id, dimension, step, at, value, mode)
      )`);
    // Rows are inserted in the order of time: a small block range index is enough for the retention.
    await runner.query('create index usage_rollups_at on usage_rollups using brin (at)');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table usage_rollups');
    await runner.query('drop index usage_daily_key_idx');
    await runner.query('alter table usage_daily drop column mode, drop column first_call_at');
    await runner.query('alter table usage_records drop column mode, drop column took_ms');
  }
}
