import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Admins list all plan versions, in pages. The order of a list is no change of a published version. */
export class OrderPlanVersions1797732000000 implements Migration {
  readonly name = 'OrderPlanVersions1797732000000';

  async up(runner: Runner): Promise<void> {
    await this.#mayChange(runner, '{status,retired_at,list_position}');
    await keepListOrder(runner, { table: 'plan_versions' });
  }

  async down(runner: Runner): Promise<void> {
    await dropListOrder(runner, { table: 'plan_versions' });
    await this.#mayChange(runner, '{status,retired_at}');
  }

  async #mayChange(runner: Runner, columns: string): Promise<void> {
    await runner.query(`
      create or replace function keep_published_plan_version() returns trigger language plpgsql as $$
      declare
        may_change constant text[] := '${columns}';
      begin
        if old.status = 'draft' then return case tg_op when 'DELETE' then old else new end; end if;
        if tg_op = 'DELETE' or to_jsonb(new) - may_change <> to_jsonb(old) - may_change
           or new.status not in (old.status, 'retired') then
          raise exception 'plan version % is published: % is refused', old.id, tg_op using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$`);
  }
}
