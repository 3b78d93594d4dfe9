import { type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const COLUMNS = 'id, partner_id, api_key_id, operation, status, at, recorded_at, mode, took_ms';
const TABLE = `
  create table usage_records (
    id text collate "C" not null,
    partner_id text collate "C" not null,
    api_key_id text collate "C" not null,
    operation text not null,
    status integer not null,
    at timestamptz not null,
    recorded_at timestamptz not null default now(),
    mode text not null default 'live' check (mode in ('live', 'test')),
    took_ms real`;

/**
 * A partition for each month, UTC, so that a month is deleted by dropping its table. The time of a record is a part of its key: a repeated
 * record has the same bytes, so it is in the same partition. Rows are copied, month by month.
 */
export class PartitionUsageRecords1798502400000 implements Migration {
  readonly name = 'PartitionUsageRecords1798502400000';

  async up(runner: Runner): Promise<void> {
    await this.#rename(runner, 'usage_records_whole');
    await runner.query(`${TABLE}, primary key (id, at)) partition by range (at)`);
    // The edges of periods that are no days of UTC; whole days are in usage_daily.
    await runner.query('create index usage_records_partner_idx on usage_records (partner_id, at)');
    await runner.query(`
      do $$
      declare first timestamptz;
      begin
        for first in select distinct date_trunc('month', at, 'UTC') from usage_records_whole
        loop
          execute format(
            'create table %I partition of usage_records for values from (%L) to (%L)',
            'usage_records_' || to_char(first at time zone 'UTC', 'YYYYMM'), first,
            (first at time zone 'UTC' + interval '1 month') at time zone 'UTC');
        end loop;
      end $$`);
    await runner.query(
      `insert into usage_records (${COLUMNS}) select ${COLUMNS} from usage_records_whole order by at`,
    );
    await runner.query('drop table usage_records_whole');
    await protectTenants(runner, 'usage_records');
    // One row. Records from before this moment are dropped, so nothing about that time can be counted or compared any more.
    await runner.query(`
      create table usage_retention (
        only_row boolean primary key default true check (only_row),
        kept_from timestamptz not null
      )`);
    await runner.query(`insert into usage_retention (kept_from) values ('-infinity')`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table usage_retention');
    await this.#rename(runner, 'usage_records_months');
    await runner.query(`${TABLE}, primary key (id))`);
    await runner.query(
      `create index usage_records_live_idx on usage_records (partner_id, at) where mode = 'live'`,
    );
    await runner.query(
      `insert into usage_records (${COLUMNS}) select distinct on (id) ${COLUMNS} from usage_records_months`,
    );
    await runner.query('drop table usage_records_months');
    await protectTenants(runner, 'usage_records');
  }

  /** The indexes go with the table; their names must be free. */
  async #rename(runner: Runner, name: string): Promise<void> {
    await runner.query(`alter table usage_records rename to ${name}`);
    await runner.query(`alter index usage_records_pkey rename to ${name}_pkey`);
  }
}
