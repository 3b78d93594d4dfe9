import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** What each reconciliation has found. Monitor reads the newest row. */
export class CreateReconciliations1798509600000 implements Migration {
  readonly name = 'CreateReconciliations1798509600000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table reconciliations (
        id bigint generated always as identity primary key,
        ran_at timestamptz not null,
        partners int not null,
        periods int not null,
        units bigint not null,
        invoices int not null,
        differences int not null,
        shown jsonb not null,
        error text
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table reconciliations');
  }
}
