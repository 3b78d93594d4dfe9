import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Each table, and its column that names the partner. */
const TABLES = [
  ['partners', 'id'],
  ['partner_suspensions', 'partner_id'],
  ['memberships', 'partner_id'],
  ['roles', 'partner_id'],
  ['invitations', 'partner_id'],
  ['sessions', 'partner_id'],
  ['api_keys', 'partner_id'],
  ['support_accesses', 'partner_id'],
  ['audit_chains', 'id'],
  ['audit_entries', 'chain'],
] as const;

/** Row-level security. Persons, their factors and tokens belong to no partner and have none. */
export class ProtectTenants1797465600000 implements Migration {
  readonly name = 'ProtectTenants1797465600000';

  async up(runner: Runner): Promise<void> {
    for (const [table, by] of TABLES) await protectTenants(runner, table, by);
  }

  async down(runner: Runner): Promise<void> {
    for (const [table] of TABLES) await exposeTenants(runner, table);
  }
}
