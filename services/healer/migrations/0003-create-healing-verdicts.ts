import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** The verdicts of the model, and the decisions of humans about them. */
export class CreateHealingVerdicts1795348802000 implements Migration {
  readonly name = 'CreateHealingVerdicts1795348802000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table healing_verdicts (
        id text collate "C" primary key,
        fingerprint text not null,
        service text not null,
        source text not null,
        root_cause text not null,
        kind text not null,
        strategy text not null,
        confidence double precision not null check (confidence between 0 and 1),
        evidence text[] not null,
        model text not null,
        prompt_version text not null,
        decision text not null check (decision in ('suggested', 'trial', 'rejected')),
        decided_by text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint healing_verdicts_decided check ((decision = 'suggested') = (decided_by is null)),
        constraint healing_verdicts_trial check (decision <> 'trial' or strategy <> 'ESCALATE'),
        -- What was suggested once for an error is not suggested again.
        constraint healing_verdicts_once unique (fingerprint, strategy)
      )`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query('drop table healing_verdicts');
  }
}
