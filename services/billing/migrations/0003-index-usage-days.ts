import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * Finds the days of all partners without their hours. Of the rows that a call updates only one is in this
 * index, and its indexed columns never change.
 */
export class IndexUsageDays1795996800000 implements Migration {
  readonly name = 'IndexUsageDays1795996800000';

  async up(runner: Runner): Promise<void> {
    await runner.query(
      `create index usage_rollups_status_days on usage_rollups (at) where dimension = 'status' and step = 'day'`,
    );
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop index usage_rollups_status_days');
  }
}
