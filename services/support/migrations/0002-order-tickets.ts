import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Tickets are listed in the order of their commits. */
export class OrderTickets1795608000000 implements Migration {
  readonly name = 'OrderTickets1795608000000';

  async up(runner: Runner): Promise<void> {
    await keepListOrder(runner, { table: 'tickets', by: 'partner_id' });
    await runner.query('create index tickets_status_idx on tickets (partner_id, status, list_position)');
    await runner.query('drop index tickets_partner_status_idx');
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('create index tickets_partner_status_idx on tickets (partner_id, status, id desc)');
    await dropListOrder(runner, { table: 'tickets' });
  }
}
