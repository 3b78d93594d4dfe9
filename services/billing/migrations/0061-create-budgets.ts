import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const TABLES = ['budgets', 'budget_alerts'] as const;

/** What partners let the calls of a month cost, the allowance that the gateways count against it, and who was told when. */
export class CreateBudgets1798419600000 implements Migration {
  readonly name = 'CreateBudgets1798419600000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table budgets (
        partner_id text collate "C" primary key,
        amount bigint check (amount > 0),
        at_limit text collate "C" not null check (at_limit in ('overage', 'hard_stop')),
        revision bigint not null,
        updated_at timestamptz not null,
        generation bigint not null default 0,
        basis text,
        baseline bigint not null default 0,
        stopped_generation bigint
      )`);
    await runner.query(`
      create table budget_alerts (
        partner_id text collate "C" not null,
        month_from timestamptz not null,
        percent int not null,
        at timestamptz not null,
        primary key (partner_id, month_from, percent)
      )`);
    for (const table of TABLES) await protectTenants(runner, table);
  }

  async down(runner: Runner): Promise<void> {
    for (const table of TABLES) {
      await exposeTenants(runner, table);
      await runner.query(`drop table ${table}`);
    }
  }
}
