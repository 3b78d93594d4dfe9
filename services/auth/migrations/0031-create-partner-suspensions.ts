import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** A row while a partner is suspended. What was before is in the audit log. */
export class CreatePartnerSuspensions1796860860000 implements Migration {
  readonly name = 'CreatePartnerSuspensions1796860860000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table partner_suspensions (
        partner_id text collate "C" primary key references partners (id),
        reason text not null,
        suspended_by text not null,
        suspended_at timestamptz not null
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table partner_suspensions');
  }
}
