import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** What the pages about healing read: actions by time, incidents by filter, errors by hour. */
export class IndexHealingFigures1795910401000 implements Migration {
  readonly name = 'IndexHealingFigures1795910401000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table healing_actions (
        id text collate "C" primary key,
        incident_id text collate "C" not null,
        remedy text collate "C" not null,
        target_kind text not null,
        target_name text not null,
        target_process text collate "C" not null,
        state text not null,
        epoch bigint not null,
        intended_at timestamptz not null,
        ended_at timestamptz,
        outcome text
      )`);
    await runner.query(`
      insert into healing_actions (id, incident_id, remedy, target_kind, target_name, target_process, state, epoch,
        intended_at, ended_at, outcome)
      select distinct on (action ->> 'id') action ->> 'id', incident.id, action ->> 'remedy', action -> 'target' ->> 'kind',
        action -> 'target' ->> 'name', action -> 'target' ->> 'process', action ->> 'state', (action ->> 'epoch')::bigint,
        (action ->> 'intended_at')::timestamptz, (action ->> 'ended_at')::timestamptz, action ->> 'outcome'
      from healing_incidents incident, json_array_elements(incident.snapshot -> 'actions') action`);
    await runner.query('create index healing_actions_at on healing_actions (intended_at, id)');
    await runner.query(
      'create index healing_actions_target on healing_actions (target_process, intended_at, id)',
    );
    await runner.query('create index healing_actions_remedy on healing_actions (remedy, intended_at, id)');
    await runner.query('create index healing_incidents_target on healing_incidents (target_name, id)');
    await runner.query('create index healing_incidents_signal on healing_incidents (signal, id)');
    await runner.query('create index healing_incidents_status on healing_incidents (status, id)');
    await runner.query('create index healing_incidents_decider on healing_incidents (decided_by, id)');
    await runner.query(
      'create index healing_incidents_experiment on healing_incidents (experiment, id) where experiment is not null',
    );
    await runner.query(
      `create index healing_events_escalated on healing_events (incident_id) where what = 'escalated'`,
    );
    // One row for each hour, service and strategy: at most 66 an hour.
    await runner.query(`
      create table healing_error_hours (
        hour timestamptz not null,
        service text collate "C" not null,
        strategy text collate "C" not null,
        healed bigint not null,
        failed bigint not null,
        primary key (hour, service, strategy)
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table healing_error_hours');
    for (const index of ['target', 'signal', 'status', 'decider', 'experiment'])
      await runner.query(`drop index healing_incidents_${index}`);
    await runner.query('drop index healing_events_escalated');
    await runner.query('drop table healing_actions');
  }
}
