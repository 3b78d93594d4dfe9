import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** To revoke keys is a permission of its own: a partner's own roles that could revoke them still can. */
export class PermitKeyRevocation1797552180000 implements Migration {
  readonly name = 'PermitKeyRevocation1797552180000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      update roles set permissions = array_append(permissions, 'api-keys:revoke')
      where 'api-keys:write' = any(permissions) and not 'api-keys:revoke' = any(permissions)`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query(`
      update roles set permissions = array_remove(permissions, 'api-keys:revoke')
      where 'api-keys:revoke' = any(permissions)`);
  }
}
