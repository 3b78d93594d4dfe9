import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Indexes that are missing in the schemas of the services, and what humans decided about them. */
export class CreateIndexSuggestions1796083201000 implements Migration {
  readonly name = 'CreateIndexSuggestions1796083201000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table healing_index_suggestions (
        id text collate "C" primary key,
        service text not null,
        -- Unique in the schema of the service, and made from the table and the columns.
        index_name text not null,
        table_name text not null,
        columns jsonb not null,
        evidence jsonb not null,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        state text not null default 'suggested' check (state in
          ('suggested', 'dismissed', 'building', 'built', 'failed', 'dropping', 'dropped')),
        decided_at timestamptz,
        -- When the healer looks at it next, while it is built or dropped.
        due_at timestamptz,
        attempts integer not null default 0,
        -- Why nothing is done now, such as a pause; why it is to be dropped although it was approved.
        waits_for text,
        failure text,
        progress jsonb,
        -- The counts of the statement when the build began, when the index was valid, and at the last look.
        counts_before jsonb,
        counts_built jsonb,
        counts_now jsonb,
        built_at timestamptz,
        built_plan jsonb,
        timeline jsonb not null default '[]',
        constraint healing_index_suggestions_once unique (service, index_name),
        constraint healing_index_suggestions_due check ((due_at is not null) = (state in ('building', 'dropping')))
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table healing_index_suggestions');
  }
}
