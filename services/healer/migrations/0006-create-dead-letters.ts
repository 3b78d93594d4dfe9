import { dropListOrder, keepListOrder, type MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/** The events that consumers gave up, and what humans decided about them. */
export class CreateDeadLetters1795996801000 implements Migration {
  readonly name = 'CreateDeadLetters1795996801000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      create table healing_dead_letters (
        id text collate "C" primary key,
        consumer text not null,
        event_id text not null,
        subject text not null,
        partner_id text,
        reason text not null,
        deliveries integer not null check (deliveries > 0),
        first_failed_at timestamptz not null,
        last_failed_at timestamptz not null,
        -- When the consumer gave the event up last: a copy that is delivered again is not newer.
        given_up_at timestamptz not null,
        event bytea not null,
        state text not null default 'waiting' check (state in ('waiting', 'replaying', 'replayed', 'discarded')),
        decided_by text,
        decided_at timestamptz,
        settled_at timestamptz,
        -- When the healer works on the letter next: replays it, or tells the consumer's inbox that it was discarded.
        due_at timestamptz,
        attempts integer not null default 0,
        constraint healing_dead_letters_once unique (consumer, event_id),
        constraint healing_dead_letters_settled check ((settled_at is null) = (state in ('waiting', 'replaying'))),
        constraint healing_dead_letters_due check (
          (state <> 'replaying' or due_at is not null) and (state not in ('waiting', 'replayed') or due_at is null))
      )`);
    await keepListOrder(runner, { table: 'healing_dead_letters' });
    await runner.query(
      'create index healing_dead_letters_due_idx on healing_dead_letters (due_at) where due_at is not null',
    );
    await runner.query(
      `create index healing_dead_letters_waiting_idx on healing_dead_letters (id) where state = 'waiting'`,
    );
    await runner.query(
      `create index healing_dead_letters_open_idx on healing_dead_letters (consumer, first_failed_at)
       where state in ('waiting', 'replaying')`,
    );
  }

  async down(runner: Runner): Promise<void> {
    await dropListOrder(runner, { table: 'healing_dead_letters' });
    await runner.query('drop table healing_dead_letters');
  }
}
