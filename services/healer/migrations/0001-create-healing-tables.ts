import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** The history of healing. Ids are ASCII and sort by age only byte by byte, hence collation "C". */
export class CreateHealingTables1795262401000 implements Migration {
  readonly name = 'CreateHealingTables1795262401000';

  async up(runner: Runner): Promise<void> {
    // json and not jsonb: json stores texts that jsonb refuses, and no query filters by their content.
    await runner.query(`
      create table healing_incidents (
        id text collate "C" primary key,
        revision integer not null,
        status text not null,
        signal text not null,
        target_kind text not null,
        target_name text not null,
        target_process text not null,
        title text not null,
        decided_by text,
        rule text,
        experiment text,
        began_at timestamptz not null,
        observed_at timestamptz not null,
        resolved_at timestamptz,
        mailed_at timestamptz,
        trace_id text,
        snapshot json not null,
        recorded_at timestamptz not null default now()
      )`);
    // The timeline. Rows are only appended and never changed. There is no foreign key, so that a late event
    // can still be stored after the row of its incident was archived.
    await runner.query(`
      create table healing_events (
        incident_id text collate "C" not null,
        sequence integer not null,
        at timestamptz not null,
        what text not null,
        text text not null,
        recorded_at timestamptz not null default now(),
        primary key (incident_id, sequence)
      )`);
    await runner.query('create index healing_events_at on healing_events (at)');
    await runner.query('create index healing_incidents_observed_at on healing_incidents (observed_at)');
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['healing_events', 'healing_incidents']) await runner.query(`drop table ${table}`);
  }
}
