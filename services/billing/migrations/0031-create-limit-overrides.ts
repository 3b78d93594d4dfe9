import {
  dropListOrder,
  exposeTenants,
  keepListOrder,
  type MigrationClass,
  protectTenants,
} from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const SYNTHETIC = [
  ['lov_00VcPgy7W0Yv1mQz5rT3kL', 'burst', 600],
  ['lov_00VcPgy7W1Zw2nRa6sU4mM', 'daily', 100_000],
] as const;

/** Limits of single partners in place of those of their plans. */
export class CreateLimitOverrides1797728400000 implements Migration {
  readonly name = 'CreateLimitOverrides1797728400000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table limit_overrides (
        id text collate "C" primary key,
        partner_id text collate "C" not null,
        name text collate "C" not null check (name in ('burst', 'daily')),
        quota bigint not null check (quota > 0),
        expires_at timestamptz,
        reason text not null,
        set_by text collate "C" not null,
        created_at timestamptz not null,
        unique (partner_id, name)
      )`);
    // The partner by which monitor watches the portal: it has no account, and must not run into the limits of the first plan.
    for (const [id, name, quota] of SYNTHETIC)
      await runner.query(
        `insert into limit_overrides (id, partner_id, name, quota, reason, set_by, created_at)
         values ($1, 'par_0000000000000synthetic', $2, $3, 'Monitor watches the portal with it', 'platform', now())`,
        [id, name, quota],
      );
    await keepListOrder(runner, { table: 'limit_overrides', by: 'partner_id' });
    await protectTenants(runner, 'limit_overrides');
  }

  async down(runner: Runner): Promise<void> {
    await exposeTenants(runner, 'limit_overrides');
    await dropListOrder(runner, { table: 'limit_overrides' });
    await runner.query('drop table limit_overrides');
  }
}
