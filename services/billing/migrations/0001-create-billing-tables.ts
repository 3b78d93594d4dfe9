import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Ids are ASCII and sort by age only when compared byte by byte, hence collation "C". */
export class CreateBillingTables1795262400000 implements Migration {
  readonly name = 'CreateBillingTables1795262400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table accounts (
        partner_id text collate "C" primary key,
        plan_id text not null,
        opened_at timestamptz not null
      )`);
    // No foreign key to accounts: usage may arrive before the event of its account, and is counted all the
    // same.
    await runner.query(`
      create table usage_records (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        api_key_id text collate "C" not null,
        operation text not null,
        status integer not null,
        at timestamptz not null,
        recorded_at timestamptz not null default now()
      )`);
    await runner.query(`
      create table usage_daily (
        partner_id text collate "C" not null,
        day date not null,
        api_key_id text collate "C" not null,
        calls bigint not null,
        last_call_at timestamptz not null,
        primary key (partner_id, day, api_key_id)
      )`);
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['usage_daily', 'usage_records', 'accounts'])
      await runner.query(`drop table ${table}`);
  }
}
