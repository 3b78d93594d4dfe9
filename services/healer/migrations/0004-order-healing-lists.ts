import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Patterns and verdicts are listed in the order of their commits. */
export class OrderHealingLists1795608001000 implements Migration {
  readonly name = 'OrderHealingLists1795608001000';

  async up(runner: Runner): Promise<void> {
    for (const table of ['healing_patterns', 'healing_verdicts']) await keepListOrder(runner, { table });
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['healing_verdicts', 'healing_patterns']) await dropListOrder(runner, { table });
  }
}
