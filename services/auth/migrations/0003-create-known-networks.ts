import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * The networks from which each user has logged in. Guesses from other networks do not lock the user out
 * there.
 */
export class CreateKnownNetworks1795608060000 implements Migration {
  readonly name = 'CreateKnownNetworks1795608060000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table known_networks (
        user_id text collate "C" not null references users (id),
        digest text collate "C" not null,
        used_at timestamptz not null,
        primary key (user_id, digest)
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table known_networks');
  }
}
