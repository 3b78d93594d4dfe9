import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Each table, and its column that names the partner. */
const TABLES = [
  ['accounts', 'partner_id'],
  ['usage_records', 'partner_id'],
  ['usage_daily', 'partner_id'],
  ['usage_rollups', 'partner_id'],
] as const;

/** Row-level security. */
export class ProtectTenants1797465600000 implements Migration {
  readonly name = 'ProtectTenants1797465600000';

  async up(runner: Runner): Promise<void> {
    for (const [table, by] of TABLES) await protectTenants(runner, table, by);
  }

  async down(runner: Runner): Promise<void> {
    for (const [table] of TABLES) await exposeTenants(runner, table);
  }
}
