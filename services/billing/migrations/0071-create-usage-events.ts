import { exposeTenants, type MigrationClass, protectTenants } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * Usage that partners' own systems report. The key is what CloudEvents are known by, so it cannot have the time that a partition needs; rows
 * are deleted with the months of calls.
 */
export class CreateUsageEvents1798506000000 implements Migration {
  readonly name = 'CreateUsageEvents1798506000000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table usage_events (
        partner_id text collate "C" not null,
        source text collate "C" not null,
        event_id text collate "C" not null,
        metric text collate "C" not null,
        quantity bigint not null,
        mode text collate "C" not null check (mode in ('live', 'test')),
        -- The key or application that reported it; null for a person.
        api_key_id text collate "C",
        subject text,
        at timestamptz not null,
        -- The event of the same source of which this one takes units back.
        corrects text collate "C",
        recorded_at timestamptz not null default now(),
        primary key (partner_id, source, event_id),
        foreign key (partner_id, source, corrects) references usage_events,
        check ((corrects is null and quantity > 0) or (corrects is not null and quantity < 0))
      )`);
    await runner.query(
      'create index usage_events_at_idx on usage_events (partner_id, at) include (mode, metric, quantity)',
    );
    await runner.query(
      'create index usage_events_corrects_idx on usage_events (partner_id, source, corrects) where corrects is not null',
    );
    await runner.query('create index usage_events_age_idx on usage_events using brin (recorded_at)');
    await protectTenants(runner, 'usage_events');
  }

  async down(runner: Runner): Promise<void> {
    await exposeTenants(runner, 'usage_events');
    await runner.query('drop table usage_events');
  }
}
