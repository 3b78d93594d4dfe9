import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Adds preferences to users, and the indexes with which admins list and search partners and users. */
export class PreferAndList1795910460000 implements Migration {
  readonly name = 'PreferAndList1795910460000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      alter table users
        add column name text,
        add column locale text,
        add column zone text,
        add column theme text check (theme in ('light', 'dark', 'system'))`);
    for (const table of ['partners', 'users']) await keepListOrder(runner, { table });
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['users', 'partners']) await dropListOrder(runner, { table });
    await runner.query(
      'alter table users drop column name, drop column locale, drop column zone, drop column theme',
    );
  }
}
