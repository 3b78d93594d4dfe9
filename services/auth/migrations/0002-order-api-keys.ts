import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** API keys are listed in the order of their commits. */
export class OrderApiKeys1795608000000 implements Migration {
  readonly name = 'OrderApiKeys1795608000000';

  async up(runner: Runner): Promise<void> {
    await keepListOrder(runner, { table: 'api_keys', by: 'partner_id' });
  }

  async down(runner: Runner): Promise<void> {
    await dropListOrder(runner, { table: 'api_keys' });
  }
}
