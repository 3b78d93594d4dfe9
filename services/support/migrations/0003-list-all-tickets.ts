import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Indexes with which admins list the tickets of all partners, by status and priority. */
export class ListAllTickets1795910400000 implements Migration {
  readonly name = 'ListAllTickets1795910400000';

  async up(runner: Runner): Promise<void> {
    await runner.query('create index tickets_all_idx on tickets (list_position)');
    await runner.query('create index tickets_all_status_idx on tickets (status, list_position)');
    await runner.query('create index tickets_all_priority_idx on tickets (priority, list_position)');
  }

  async down(runner: Runner): Promise<void> {
    for (const index of ['tickets_all_idx', 'tickets_all_status_idx', 'tickets_all_priority_idx'])
      await runner.query(`drop index ${index}`);
  }
}
