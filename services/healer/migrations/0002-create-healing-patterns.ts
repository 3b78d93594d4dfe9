import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** Learned patterns: one row for each error and strategy, and the ids of the captures that were counted. */
export class CreateHealingPatterns1795348801000 implements Migration {
  readonly name = 'CreateHealingPatterns1795348801000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table healing_patterns (
        id text collate "C" primary key,
        fingerprint text collate "C" not null,
        strategy text not null check (strategy <> 'ESCALATE'),
        origin text not null check (origin in ('learned', 'model')),
        state text not null check (state in ('learning', 'trial', 'deciding', 'demoted')),
        service text not null,
        source text not null,
        kind text not null,
        example text not null,
        -- Weights of outcomes as of weighed_at: halved for every week of age.
        healed double precision not null,
        failed double precision not null,
        weighed_at timestamptz not null,
        -- Outcomes since counting began, unfaded; double precision, since a storm counts by the hundred thousand.
        samples double precision not null,
        consecutive_failures double precision not null,
        verified double precision not null,
        -- Outcomes not later than this count for nothing.
        counted_from timestamptz,
        healed_ever double precision not null,
        failed_ever double precision not null,
        why text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        demoted_at timestamptz,
        unique (fingerprint, strategy)
      )`);
    // At most one strategy decides for an error; the database enforces this independently of the code.
    await runner.query(
      `create unique index healing_patterns_deciding on healing_patterns (fingerprint) where state = 'deciding'`,
    );
    await runner.query('create index healing_patterns_updated_at on healing_patterns (updated_at)');
    // A capture keeps its id when it is sent again, perhaps within another event.
    await runner.query(`
      create table healing_captures_counted (
        capture_id text collate "C" primary key,
        counted_at timestamptz not null default now()
      )`);
    await runner.query('create index healing_captures_counted_at on healing_captures_counted (counted_at)');
  }

  async down(runner: Runner): Promise<void> {
    for (const table of ['healing_captures_counted', 'healing_patterns'])
      await runner.query(`drop table ${table}`);
  }
}
