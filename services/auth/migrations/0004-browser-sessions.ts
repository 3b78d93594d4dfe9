import type { MigrationClass } from '@gridworks/persistence';

type Migration = InstanceType<MigrationClass>;
type Runner = Parameters<Migration['up']>[0];

/**
 * Sessions of browsers are prolonged by each use, up to an end; every session has the time of its last use
 * and its network. The new columns may be null, since instances of the release before still insert rows while
 * this one starts.
 */
export class BrowserSessions1795737600000 implements Migration {
  readonly name = 'BrowserSessions1795737600000';

  async up(runner: Runner): Promise<void> {
    await runner.query(`
      alter table sessions
        add column ends_at timestamptz,
        add column idle_ms integer,
        add column last_used_at timestamptz,
        add column user_agent text,
        add column network text,
        add constraint sessions_sliding_check check ((ends_at is null) = (idle_ms is null))`);
  }

  async down(runner: Runner): Promise<void> {
    await runner.query(`
      alter table sessions
        drop constraint sessions_sliding_check,
        drop column network,
        drop column user_agent,
        drop column last_used_at,
        drop column idle_ms,
        drop column ends_at`);
  }
}
