import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Keys get scopes and networks; an end of its own is told from the end of a key that was replaced. */
export class RestrictApiKeys1796947200000 implements Migration {
  readonly name = 'RestrictApiKeys1796947200000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      alter table api_keys
        add column scopes text[],
        add column allowed_networks text[] not null default '{}',
        add column replaced_at timestamptz`);
    // Until now only a replaced key, or one of the explorer, had an end.
    await runner.query(`
      update api_keys set replaced_at = least(now(), expires_at)
      where purpose = 'program' and expires_at is not null`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query(
      'alter table api_keys drop column replaced_at, drop column allowed_networks, drop column scopes',
    );
  }
}
