import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

const perCall = (recurring: number, included: number, unitAmount: string) => ({
  ...{ recurring_amount: recurring, minimum_amount: 0 },
  charges: [{ metric: 'calls', included, price: { model: 'per_unit', unit_amount: unitAmount } }],
});

/** The plans as they were while they were a constant of the code. Amounts are cents of EUR and USD, paise of INR. */
const FIRST_VERSIONS = [
  {
    ...{ id: 'plv_00VcPgy7VNI4oJIuqkEjX6', plan: 'free', name: 'Free' },
    description: 'To try the API and to build with it.',
    prices: {
      ...{ EUR: perCall(0, 10_000, '0'), USD: perCall(0, 10_000, '0') },
      INR: perCall(0, 10_000, '0'),
    },
    limits: { burst_per_minute: 60, daily: 1_000 },
  },
  {
    ...{ id: 'plv_00VcPgy7WA7VNb9H7MoMSi', plan: 'growth', name: 'Growth' },
    description: 'For products in production.',
    prices: {
      ...{ EUR: perCall(4_900, 500_000, '0.012'), USD: perCall(5_300, 500_000, '0.013') },
      INR: perCall(490_000, 500_000, '1.2'),
    },
    limits: { burst_per_minute: 600, daily: 50_000 },
  },
  {
    ...{ id: 'plv_00VcPgy7XqONb2ZGDXKHhT', plan: 'scale', name: 'Scale' },
    description: 'For many calls, at the lowest price for each.',
    prices: {
      ...{ EUR: perCall(49_900, 10_000_000, '0.0065'), USD: perCall(53_900, 10_000_000, '0.007') },
      INR: perCall(4_990_000, 10_000_000, '0.65'),
    },
    limits: { burst_per_minute: 6_000, daily: 1_000_000 },
  },
];

/**
 * Plans as versioned data. A published version never changes, since partners have bought it: the database refuses every change
 * but that it is retired.
 */
export class CreatePlanVersions1797724800000 implements Migration {
  readonly name = 'CreatePlanVersions1797724800000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table plan_versions (
        id text collate "C" primary key,
        plan text collate "C" not null,
        version integer not null check (version > 0),
        status text collate "C" not null default 'draft' check (status in ('draft', 'published', 'retired')),
        terms jsonb not null,
        created_at timestamptz not null,
        published_at timestamptz,
        retired_at timestamptz,
        unique (plan, version),
        check ((status = 'draft') = (published_at is null)),
        check ((status = 'retired') = (retired_at is not null))
      )`);
    await this.#protect(runner);
    for (const { id, plan, ...version } of FIRST_VERSIONS) {
      const terms = { interval: 'month', trial_days: 0, features: [], ...version };
      await runner.query(
        `insert into plan_versions (id, plan, version, status, terms, created_at, published_at)
         values ($1, $2, 1, 'published', $3, now(), now())`,
        [id, plan, JSON.stringify(terms)],
      );
    }
    // Which version a partner has; a plan that is not known becomes the first one, as it was treated until now.
    await runner.query(`alter table accounts add column plan_version_id text collate "C"`);
    await runner.query(`
      update accounts set plan_version_id = coalesce(
        (select id from plan_versions where plan = plan_id), (select id from plan_versions where plan = 'free'))`);
    await runner.query('alter table accounts alter column plan_version_id set not null');
  }

  async #protect(runner: Runner): Promise<void> {
    await runner.query(`
      create function keep_published_plan_version() returns trigger language plpgsql as $$
      declare
        may_change constant text[] := '{status,retired_at}';
      begin
        if old.status = 'draft' then return case tg_op when 'DELETE' then old else new end; end if;
        if tg_op = 'DELETE' or to_jsonb(new) - may_change <> to_jsonb(old) - may_change
           or new.status not in (old.status, 'retired') then
          raise exception 'plan version % is published: % is refused', old.id, tg_op using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$`);
    await runner.query(`
      create trigger plan_versions_keep before update or delete on plan_versions
      for each row execute function keep_published_plan_version()`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('alter table accounts drop column plan_version_id');
    await runner.query('drop table plan_versions');
    await runner.query('drop function keep_published_plan_version()');
  }
}
