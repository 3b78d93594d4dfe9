import { counter, gauge } from '@gridworks/observability';

/** PostgreSQL's own counts of the portal's database. */
export interface DatabaseFigures {
  readonly deadlocks: number;
  readonly sessions: number;
  readonly max_sessions: number;
}

const latest = { deadlocks: 0 };
counter(
  'monitor_database_deadlocks_total',
  'Deadlocks that PostgreSQL has found in the database since its figures were reset; the transactions ran again',
  [],
  () => latest.deadlocks,
);
const sessions = gauge('monitor_database_sessions', 'Sessions of the database');
const limit = gauge('monitor_database_sessions_limit', 'Sessions that PostgreSQL allows to all databases');

/** Shows the figures as metrics. */
export function showDatabaseFigures(figures: DatabaseFigures): void {
  latest.deadlocks = figures.deadlocks;
  sessions.set(figures.sessions);
  limit.set(figures.max_sessions);
}
